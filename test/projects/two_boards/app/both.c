// Two models in one program.
#include "board.h"
#include "digits.h"
#include "sum.h"

static IREE_ALIGNED float image[64], scores[10];
static IREE_ALIGNED float a[4] = {1, 2, 3, 4}, b[4] = {10, 20, 30, 40}, c[4];

int main(void) {
  if (digits_classify(image, scores) != IREE_MODEL_OK || sum_plus(a, b, c) != IREE_MODEL_OK) return 1;
  board_print_int((int64_t)c[3] + GREETING, 0);
  board_print("\n");
  return 0;
}
