// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// What the parts of a board's support code ask of one another; not for applications.
#pragma once

#include <stdint.h>

// Every console and every counter defines its own; called once, before main.
void console_start(void);
void counter_start(void);

// Of consoles that can receive, for files_serial.c: called once before the first of the other, which returns a byte or -1.
void console_listen(void);
int console_read(void);

// Of files_serial.c, called once before main: lets the development machine know that this firmware runs.
void files_start(void);

// From the startup code of the architecture, with a stack and the FPU at hand: sets up memory,
// console and counter, runs main and exits with its value.
_Noreturn void start(void);

// What is known of a fault; 0 stands for what is not. status is the core's own word for it: CFSR (or
// the number of the exception, where that is 0), mcause.
typedef struct {
  uintptr_t pc, lr, status, address;
} fault_t;

// Prints "fault: KIND at pc 0x…, lr 0x…, status 0x…, address 0x…" and exits with BOARD_EXIT_FAULT.
_Noreturn void fault(const char *kind, const fault_t *found);

static inline volatile uint32_t *reg(uintptr_t address) { return (volatile uint32_t *)address; }
