// Asks the development machine, through semihosting, to run a program there.
#include <stdint.h>

#include "board.h"
#include "semihosting.h"

int main(void) {
  static const char command[] = "touch escaped";
  const intptr_t arguments[2] = {(intptr_t)command, sizeof command - 1};
  const intptr_t outcome = semihosting(0x12, arguments);  // SYS_SYSTEM
  board_print(outcome == 0 ? "it ran\n" : "refused\n");
  return 0;
}
