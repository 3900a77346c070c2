// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// From reset to main, the part that is the same on every board: memory and the stack's paint.
#include "board.h"
#include "board_support.h"

// From the linker script.
extern uint32_t __data_start[], __data_end[], __data_load[];
extern uint32_t __bss_start[], __bss_end[];
extern uint32_t __stack_start[], __stack_end[];

int main(void);

#define PAINT 0x57ac0ff5u

// Volatile, lest it become the library's memset: some 160 bytes, running on the stack it paints.
static void fill(volatile uint32_t *from, volatile uint32_t *to, uint32_t value) {
  while (from < to) *from++ = value;
}

size_t board_stack_peak(void) {
  const uint32_t *word = __stack_start;
  while (word < __stack_end && *word == PAINT) ++word;
  return (size_t)((const char *)__stack_end - (const char *)word);
}

void start(void) {
  register uint32_t *sp __asm__("sp");
  const uint32_t *load = __data_load;
  for (volatile uint32_t *word = __data_start; word < __data_end;) *word++ = *load++;
  fill(__bss_start, __bss_end, 0);
  fill(__stack_start, sp, PAINT);
  console_start();
  counter_start();
#ifdef BOARD_FILES_SERIAL
  files_start();
#endif
  const int code = main();
#ifdef __ARM_ARCH_6M__
  // Nothing but the end of memory guards the stack of this core: where memory goes on, the paint tells.
  static const fault_t unknown;
  if (*__stack_start != PAINT) fault("stack overflow", &unknown);
#endif
  board_exit(code);
}
