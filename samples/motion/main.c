// Classifies the held-out recordings; prints each answer, the accuracy and the cost of one inference.
#include "board.h"
#include "motion_int8.h"
#include "recordings.h"

enum { CLASSES = 6, A_LINE = 6 };

static const char *const names[CLASSES] = {"still", "walking", "running", "stairs", "cycling", "falling"};
static IREE_ALIGNED float acceleration[RECORDINGS_ACCELERATION_SIZE];
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
  for (int n = 0; n < RECORDINGS_ACCELERATION_COUNT; ++n) {
    for (int i = 0; i < RECORDINGS_ACCELERATION_SIZE; ++i) acceleration[i] = recordings_acceleration[n][i];
    const uint64_t start = board_count();
    const int status = motion_int8_classify(acceleration, scores);
    cost = board_count() - start;
    if (status != IREE_MODEL_OK) return status;
    const int answer = best(), good = answer == recordings_label[n];
    right += good;
    board_print(good ? " " : "!");
    board_print(names[answer]);
    if (n % A_LINE == A_LINE - 1) board_print("\n");
  }
  board_print_int(right, 0);
  board_print(" of ");
  board_print_int(RECORDINGS_ACCELERATION_COUNT, 0);
  board_print(" right, ");
  board_print_int((int64_t)cost, 0);
  board_print(" ");
  board_print(board_count_unit());
  board_print(" an inference\n");
  return 0;
}
