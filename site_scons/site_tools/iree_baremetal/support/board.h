// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What an application may ask of any board, the host included.
//
// No heap, no printf, no buffering: a board pays only for what its application calls.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
#define BOARD_NORETURN [[noreturn]]
extern "C" {
#else
#define BOARD_NORETURN _Noreturn
#endif

// The exit code of a program that a processor fault ended.
#define BOARD_EXIT_FAULT 125

// Console. The startup code has set it up before main.
void board_write(const char *text, size_t size);
void board_print(const char *text);
// In decimal, padded with blanks on the left to `width` characters.
void board_print_int(int64_t value, int width);
// value / 10^decimals: board_print_fixed(-1234, 2, 0) prints -12.34.
void board_print_fixed(int64_t value, int decimals, int width);
// Eight digits: board_print_hex(0x1f) prints 0x0000001f.
void board_print_hex(uint32_t value);

// A count that only grows: the difference of two is the cost of what lies between. The unit:
// "instructions" in the emulator (exact), "cycles" on a part, "ns" on the host. Where the counter
// has 32 bits, it must be read at least once in 2^32 counts.
uint64_t board_count(void);
const char *board_count_unit(void);

// Bytes of the stack reserved by the board that were ever used, found by their lost paint;
// 0 on the host, where it is not known.
size_t board_stack_peak(void);

// Where a variable or function lies, before its declaration; region as in the board's file, in small letters:
// BOARD_IN(ccm) static int table[] = {1, 2, 3};
//
// In a region that can be written, it is copied there before main; in a read-only one, it is flashed there.
#define BOARD_IN(region) __attribute__((section("." #region)))
// Zero at start, and nothing in flash for it: for buffers.
#define BOARD_ZERO_IN(region) __attribute__((section(".bss.." #region)))
// A function that runs from RAM, copied there before main.
#define BOARD_RAMFUNC __attribute__((section(".ramfunc"), noinline))
// Left as it was before a reset.
#define BOARD_NOT_ZEROED __attribute__((section(".noinit")))

// Ends the program. Returning from main does the same with main's value. Without an emulator or
// debugger to tell it to, a board stops here.
BOARD_NORETURN void board_exit(int code);

#ifdef __cplusplus
}
#endif
