// Multiplies two vectors with the model, twice, and holds the answers against C's own.
#include "board.h"
#include "multiply.h"

enum { COUNT = 4, CALLS = 2 };

static IREE_ALIGNED float a[COUNT], b[COUNT], product[COUNT];

// Numbers whose products a float holds exactly.
static void fill(int call) {
  for (int i = 0; i < COUNT; ++i) {
    a[i] = (float)(1 + i + 10 * call);
    b[i] = 0.5f + (float)i;
  }
}

static int check(int call) {
  int good = 1;
  board_print("call ");
  board_print_int(call, 0);
  board_print(":");
  for (int i = 0; i < COUNT; ++i) {
    board_print_fixed((int)(product[i] * 10), 1, 6);  // to 64 bits it would take a library
    if (product[i] != a[i] * b[i]) {
      board_print("!");
      good = 0;
    }
  }
  board_print("\n");
  return good;
}

int main(void) {
  uint64_t cost = 0;
  for (int call = 0; call < CALLS; ++call) {
    fill(call);
    const uint64_t start = board_count();
    const int status = multiply_vectors(a, b, product);
    cost = board_count() - start;
    if (status != IREE_MODEL_OK) {
      board_print("the call failed: ");
      board_print_int(status, 0);
      board_print("\n");
      return status;
    }
    if (!check(call)) {
      board_print("wrong products\n");
      return 1;
    }
  }
  board_print("all products right, ");
  board_print_int((int64_t)cost, 0);
  board_print(" ");
  board_print(board_count_unit());
  board_print(" a call\n");
  return 0;
}
