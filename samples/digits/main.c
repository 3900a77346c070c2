// Classifies the held-out digits; prints each answer, the accuracy and the cost of one inference.
#include "board.h"
#include "digits.h"
#include "held_out.h"

enum { CLASSES = 10, A_LINE = 25 };

static IREE_ALIGNED float image[HELD_OUT_IMAGE_SIZE];
static IREE_ALIGNED float scores[CLASSES];

static int best(void) {
  int index = 0;
  for (int i = 1; i < CLASSES; ++i) {
    if (scores[i] > scores[index]) index = i;
  }
  return index;
}

int main(void) {
  int right = 0;
  uint64_t cost = 0;
  board_print("answers, wrong ones marked:\n");
  for (int n = 0; n < HELD_OUT_IMAGE_COUNT; ++n) {
    for (int i = 0; i < HELD_OUT_IMAGE_SIZE; ++i) image[i] = held_out_image[n][i];
    const uint64_t start = board_count();
    const int status = digits_classify(image, scores);
    cost = board_count() - start;
    if (status != IREE_MODEL_OK) return status;
    const int answer = best(), good = answer == held_out_label[n];
    right += good;
    board_print_int(answer, 2);
    board_print(good ? " " : "!");
    if (n % A_LINE == A_LINE - 1) board_print("\n");
  }
  board_print_int(right, 0);
  board_print(" of ");
  board_print_int(HELD_OUT_IMAGE_COUNT, 0);
  board_print(" right, ");
  board_print_int((int64_t)cost, 0);
  board_print(" ");
  board_print(board_count_unit());
  board_print(" an inference\n");
  return 0;
}
