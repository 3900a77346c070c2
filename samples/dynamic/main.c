// Centers windows of several lengths with one model, and holds the answers against plain C.
#include "board.h"
#include "dynamic.h"

enum { MOST = 256 };

static IREE_ALIGNED float samples[MOST], centered[MOST], mean[1];

static float sample(size_t i) { return (float)((i * 37 + 11) % 101) - 25.0f; }

static int close(float a, float b) {
  const float difference = a > b ? a - b : b - a;
  return difference <= 1e-3f;
}

// 0, or what is wrong.
static const char *center(size_t length) {
  float sum = 0;
  for (size_t i = 0; i < length; ++i) sum += samples[i] = sample(i);
  const size_t shape[1] = {length};
  size_t got[1] = {0};
  if (dynamic_center(samples, shape, centered, MOST, got, mean) != IREE_MODEL_OK) return "the call failed";
  if (got[0] != length) return "wrong length";
  const float expected = sum / (float)length;
  if (!close(mean[0], expected)) return "wrong mean";
  for (size_t i = 0; i < length; ++i) {
    if (!close(centered[i], samples[i] - expected)) return "wrong value";
  }
  return 0;
}

int main(void) {
  static const size_t lengths[] = {1, 7, 64, 3, 200, MOST, 7};
  for (size_t i = 0; i < sizeof lengths / sizeof *lengths; ++i) {
    const char *wrong = center(lengths[i]);
    board_print_int((int64_t)lengths[i], 4);
    board_print(" samples: ");
    if (wrong) {
      board_print(wrong);
      board_print("\n");
      return 1;
    }
    board_print("mean ");
    board_print_fixed((int64_t)(mean[0] * 100), 2, 0);
    board_print("\n");
  }
  board_print("all lengths right\n");
  return 0;
}
