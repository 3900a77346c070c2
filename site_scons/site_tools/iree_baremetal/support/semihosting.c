// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Exit, files and arguments of the development machine, through the emulator or a debugger.
#include "semihosting.h"

#include <string.h>

#include "board.h"
#include "board_files.h"

#if defined(__arm__)
#include "cortex_m.h"

int is_emulated(void) {
  *reg(0xe000edfc) |= 1u << 24;  // DEMCR.TRCENA: the unit answers only when it is on
  return *reg(0xe0001000) == 0;  // DWT_CTRL
}

intptr_t semihosting(int operation, const void *argument) {
  if (!is_emulated() && !has_debugger()) return -1;
  register intptr_t r0 __asm__("r0") = operation;
  register const void *r1 __asm__("r1") = argument;
  __asm__ volatile("bkpt 0xab" : "+r"(r0) : "r"(r1) : "memory");
  return r0;
}
#elif defined(__riscv)
// Listeners know the call by these three uncompressed instructions, which must share a page.
intptr_t semihosting(int operation, const void *argument) {
  register intptr_t a0 __asm__("a0") = operation;
  register const void *a1 __asm__("a1") = argument;
  __asm__ volatile(
      ".option push\n.option norvc\n.balign 16\n"
      "slli x0, x0, 0x1f\nebreak\nsrai x0, x0, 7\n"
      ".option pop"
      : "+r"(a0) : "r"(a1) : "memory");
  return a0;
}
#endif

#ifndef BOARD_FILES_SERIAL
// As strlen, which of newlib takes 220 bytes; volatile, as GCC would see that it is the same.
static size_t length_of(const char *text) {
  size_t length = 0;
  while (((const volatile char *)text)[length]) ++length;
  return length;
}

void board_exit(int code) {
  const intptr_t application_exit[2] = {0x20026, code};
  semihosting(SYS_EXIT_EXTENDED, application_exit);
  for (;;) {
  }
}

board_file board_file_open(const char *path, const char *mode) {
  // The specification numbers fopen's modes: r, rb, r+, r+b, w, wb, …
  const intptr_t number = *mode == 'r' ? 1 : *mode == 'w' ? 5 : 9;
  const intptr_t arguments[3] = {(intptr_t)path, number, (intptr_t)length_of(path)};
  return semihosting(SYS_OPEN, arguments);
}

// Both calls return the bytes that were left undone.
static long transfer(int operation, board_file file, const void *data, size_t size) {
  const intptr_t arguments[3] = {file, (intptr_t)data, (intptr_t)size};
  const intptr_t left = semihosting(operation, arguments);
  return left < 0 || (size_t)left > size ? -1 : (long)(size - (size_t)left);
}

long board_file_read(board_file file, void *data, size_t size) {
  return transfer(SYS_READ, file, data, size);
}

long board_file_write(board_file file, const void *data, size_t size) {
  return transfer(SYS_WRITE, file, data, size);
}

long board_file_size(board_file file) { return semihosting(SYS_FLEN, &file); }

int board_file_close(board_file file) { return semihosting(SYS_CLOSE, &file); }

int board_arguments(char *text, size_t size) {
  struct {
    char *text;
    intptr_t size;
  } line = {text, (intptr_t)size};
  if (semihosting(SYS_GET_CMDLINE, &line) != 0) return -1;
  size_t length = length_of(text), name = 0;
  while (name < length && text[name] != ' ') ++name;
  if (name < length) ++name;
  memmove(text, text + name, length - name + 1);
  return (int)(length - name);
}
#endif  // else files_serial.c has them
