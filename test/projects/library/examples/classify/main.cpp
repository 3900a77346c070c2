#include "board.h"

#ifdef WITH_MODEL
#include "digits.h"

static IREE_ALIGNED float image[64], scores[10];
#endif

int main() {
#ifdef WITH_MODEL
  // A one: the middle columns.
  for (int i = 0; i < 64; ++i) image[i] = (i % 8 == 3 || i % 8 == 4) ? 1.0f : 0.0f;
  if (digits_classify(image, scores) != IREE_MODEL_OK) return 1;
  int best = 0;
  for (int i = 1; i < 10; ++i) {
    if (scores[i] > scores[best]) best = i;
  }
  const char answer[] = {static_cast<char>('0' + best), '\n', 0};
  say(answer);
#else
  say("no model\n");
#endif
  return 0;
}
