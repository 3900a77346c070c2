// An application with what applications have: interrupts, tables in further memory, printf.
#include <stdio.h>

#include "board.h"
#include "digits.h"

#define REG(address) (*(volatile uint32_t *)(address))

BOARD_IN(fast) static const volatile int halves[] = {1, 2, 4};
static IREE_ALIGNED float image[64], scores[10];
static volatile int ticks, pended;

void SysTick_Handler(void) { ++ticks; }
void TIMER1_Handler(void) { ++pended; }

BOARD_RAMFUNC static int best(void) {
  int found = 0;
  for (int i = 1; i < 10; ++i) {
    if (scores[i] > scores[found]) found = i;
  }
  return found;
}

int main(void) {
  REG(0xe000e014) = 10000;
  REG(0xe000e010) = 7;  // SysTick
  REG(0xe000e100) = REG(0xe000e200) = 1u << 9;
  const int status = digits_classify(image, scores);
  while (!ticks) {
  }
  char text[80];
  snprintf(text, sizeof text, "status %d best %d halves %d pended %d", status, best(), halves[2], pended);
  printf("%s, %s\n", text, "printed");
  return 0;
}
