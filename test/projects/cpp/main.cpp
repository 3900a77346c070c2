// What is used of C++ here: classes with virtual functions, templates; nothing to construct before main.
#include "best.hpp"
#include "board.h"
#include "digits.h"

static IREE_ALIGNED float image[64], scores[10];
static constexpr Largest largest;

template <int count>
static void say(const Choice &choice, const float (&values)[count]) {
  board_print("best ");
  board_print_int(choice(values, count), 0);
  board_print("\n");
}

int main() {
  const int status = digits_classify(image, scores);
  say(largest, scores);
  return status;
}
