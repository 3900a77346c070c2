#include "board.h"
#include "digits.h"

static IREE_ALIGNED float image[64], scores[10];

int main(void) {
  const int outcome = digits_classify(image, scores);
  board_print(outcome == IREE_MODEL_OK ? "it runs\n" : "it fails\n");
  return outcome;
}
