#include "board.h"

int main(void) {
  say("blink\n");
  return 0;
}
