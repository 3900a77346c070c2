// One fault a program: the one that FAULT names. The board has no memory at NOWHERE.
#include "board.h"
#include "digits.h"

static IREE_ALIGNED float image[64 + 1], scores[10 + 1];

#define MAKES __attribute__((noinline, unused)) static int

MAKES make_none(void) { return digits_classify(image, scores); }

// An inference at every depth: the kernels run on what is left of the stack.
MAKES make_deeper(int depth) {
  volatile char used[64];
  used[0] = (char)depth;
  const int status = digits_classify(image, scores);
  return depth < 0 ? status : make_deeper(depth + 1) + used[0];
}
MAKES make_overflow(void) { return make_deeper(1); }

MAKES make_load(void) { return *(volatile int *)(uintptr_t)NOWHERE; }
MAKES make_store(void) { return *(volatile int *)(uintptr_t)NOWHERE = 1; }
MAKES make_jump(void) { return ((int (*)(void))(uintptr_t)(NOWHERE + 1))() + 1; }

MAKES make_undefined(void) {
#ifdef __arm__
  __asm__ volatile("udf #0");
#else
  __asm__ volatile("unimp");
#endif
  return 0;
}

MAKES make_misaligned_input(void) { return digits_classify(image + 1, scores); }
MAKES make_misaligned_output(void) { return digits_classify(image, scores + 1); }

int main(void) {
  board_print("before\n");
  return FAULT();
}
