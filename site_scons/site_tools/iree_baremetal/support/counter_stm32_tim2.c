// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Counter on TIM2 of the STM32F2 and F4: 32 bits (reference manual RM0090, chapter 18).
//
// In QEMU it runs at 1 GHz of virtual time: with one instruction a nanosecond (icount_shift 0) it
// counts instructions. On a part at its reset clock it counts the core's cycles.
#include "board.h"
#include "cortex_m.h"
#include "counter_extend.h"

#define RCC_APB1ENR (STM32_RCC + 0x40)
#define TIM2 0x40000000u
#define TIM2_CR1 (TIM2)
#define TIM2_EGR (TIM2 + 0x14)
#define TIM2_CNT (TIM2 + 0x24)
#define TIM2_ARR (TIM2 + 0x2c)

void counter_start(void) {
  *reg(RCC_APB1ENR) |= 1u;
  *reg(TIM2_ARR) = 0xffffffffu;
  *reg(TIM2_EGR) = 1;
  *reg(TIM2_CR1) = 1;
}

uint64_t board_count(void) { return extend(*reg(TIM2_CNT)); }

const char *board_count_unit(void) { return is_emulated() ? "instructions" : "cycles"; }
