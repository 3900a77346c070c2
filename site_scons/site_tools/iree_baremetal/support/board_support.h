// What the parts of a board's support code ask of one another; not for applications.
#pragma once

#include <stdint.h>

// Every console and every counter defines its own; called once, before main.
void console_start(void);
void counter_start(void);

// From the startup code of the architecture, with a stack and the FPU at hand: sets up memory,
// console and counter, runs main and exits with its value.
_Noreturn void start(void);

// Prints "fault: <kind> at pc <pc>, address <address>" and exits with BOARD_EXIT_FAULT; 0 stands
// for what is not known.
_Noreturn void fault(const char *kind, uintptr_t pc, uintptr_t address);

static inline volatile uint32_t *reg(uintptr_t address) { return (volatile uint32_t *)address; }
