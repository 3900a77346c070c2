// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Between a vendor's startup code and main: what start.c does after our own.
//
// The linker's --wrap=main leads the vendor's call of main here. The vendor's code has set up
// memory, stack and clock. The defines give BOARD_VECTOR_TABLE, whose first word is the stack's
// end, and BOARD_STACK, the bytes to watch below it.
#include "board.h"
#include "board_support.h"

#define PAINT 0x57ac0ff5u

int __real_main(void);

// newlib's __libc_init_array calls them; they are the startup files' that are not linked.
__attribute__((weak)) void _init(void) {}
__attribute__((weak)) void _fini(void) {}

#ifdef __arm__
#include "cortex_m.h"

// Where the variables end, in one or another vendor's linker script.
extern uint32_t _ebss[] __attribute__((weak)), __bss_end__[] __attribute__((weak)), end[] __attribute__((weak));

static uint32_t *stack_end(void) { return (uint32_t *)*reg(BOARD_VECTOR_TABLE); }

// With room for the guard, 32 bytes below it.
uint32_t *stack_start(void) {
  uint32_t *const ends[] = {_ebss, __bss_end__, end};
  uint32_t *start = stack_end() - BOARD_STACK / 4;
  for (int i = 0; i < 3; ++i) {
    if (ends[i] > start && ends[i] < stack_end()) start = ends[i];
  }
  return (uint32_t *)(((uintptr_t)start + 63) & ~31u);
}

static void paint(void) {
  register uint32_t *sp __asm__("sp");
  for (volatile uint32_t *word = stack_start(); word < sp; ++word) *word = PAINT;
}

// Memory goes on below a vendor's stack: what runs over its end must be a fault all the same.
static void guard(void) {
#if __ARM_ARCH >= 8
  __asm__ volatile("msr msplim, %0" ::"r"(stack_start()));
#elif __ARM_ARCH_ISA_THUMB >= 2
  const uint32_t regions = *reg(0xe000ed90) >> 8 & 0xff;  // MPU_TYPE
  if (!regions) return;
  *reg(0xe000ed98) = regions - 1;                    // MPU_RNR: the last prevails over the application's
  *reg(0xe000ed9c) = (uintptr_t)stack_start() - 32;  // MPU_RBAR
  *reg(0xe000eda0) = 0x10000009;                     // MPU_RASR: 32 bytes, no access
  *reg(0xe000ed94) |= 5;                             // MPU_CTRL: on, all else as without it
#endif
}

// Without a guard, or where a large frame went over it, the paint tells afterwards.
static void check(void) {
  static const fault_t unknown;
  if (*stack_start() != PAINT) fault("stack overflow", &unknown);
}

size_t board_stack_peak(void) {
  const uint32_t *word = stack_start();
  while (word < stack_end() && *word == PAINT) ++word;
  return (size_t)((const char *)stack_end() - (const char *)word);
}
#else
static void paint(void) {}
static void guard(void) {}
static void check(void) {}

size_t board_stack_peak(void) { return 0; }  // nothing tells where the vendor's stack is
#endif

int __wrap_main(void) {
#ifdef BOARD_VTOR
  *reg(0xe000ed08) = BOARD_VECTOR_TABLE;  // behind a bootloader, of which the vendor's code may not know
#endif
  paint();
  guard();
  console_start();
  counter_start();
#ifdef BOARD_FILES_SERIAL
  files_start();
#endif
  const int code = __real_main();
  check();
  board_exit(code);
}
