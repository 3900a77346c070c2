// Reads the held-out digits and tells how many it got right.
#include "digits.h"
#include "held_out.h"
#include "say.h"

static IREE_ALIGNED float image[64], scores[10];

int main(void) {
  int right = 0;
  for (int n = 0; n < HELD_OUT_IMAGE_COUNT; ++n) {
    for (int i = 0; i < HELD_OUT_IMAGE_SIZE; ++i) image[i] = held_out_image[n][i];
    if (digits_classify(image, scores) != IREE_MODEL_OK) return 1;
    int best = 0;
    for (int i = 1; i < 10; ++i) {
      if (scores[i] > scores[best]) best = i;
    }
    right += best == held_out_label[n];
  }
  char line[] = "000 right\n";
  line[0] = (char)('0' + right / 100);
  line[1] = (char)('0' + right / 10 % 10);
  line[2] = (char)('0' + right % 10);
  say(line);
  return 0;
}
