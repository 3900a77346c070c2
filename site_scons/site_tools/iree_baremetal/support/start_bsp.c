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
// Where the variables end, in one or another vendor's linker script.
extern uint32_t _ebss[] __attribute__((weak)), __bss_end__[] __attribute__((weak)), end[] __attribute__((weak));

static uint32_t *stack_end(void) { return (uint32_t *)*reg(BOARD_VECTOR_TABLE); }

static uint32_t *stack_start(void) {
  uint32_t *const ends[] = {_ebss, __bss_end__, end};
  uint32_t *start = stack_end() - BOARD_STACK / 4;
  for (int i = 0; i < 3; ++i) {
    if (ends[i] > start && ends[i] < stack_end()) start = ends[i];
  }
  return start;
}

static void paint(void) {
  register uint32_t *sp __asm__("sp");
  for (volatile uint32_t *word = stack_start(); word < sp; ++word) *word = PAINT;
}

size_t board_stack_peak(void) {
  const uint32_t *word = stack_start();
  while (word < stack_end() && *word == PAINT) ++word;
  return (size_t)((const char *)stack_end() - (const char *)word);
}
#else
static void paint(void) {}

size_t board_stack_peak(void) { return 0; }  // nothing tells where the vendor's stack is
#endif

int __wrap_main(void) {
  paint();
  console_start();
  counter_start();
  board_exit(__real_main());
}
