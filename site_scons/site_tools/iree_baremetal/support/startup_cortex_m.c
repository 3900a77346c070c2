// Vector table, reset and faults of Cortex-M3, M4, M7, M33 and M55.
#include <stdint.h>

#include "cortex_m.h"

extern uint32_t __stack_start[], __stack_end[];

int is_emulated(void) {
  *reg(0xe000edfc) |= 1u << 24;  // DEMCR.TRCENA: the unit answers only when it is on
  return *reg(0xe0001000) == 0;  // DWT_CTRL
}

// Where the optional FPU is built in, the compiler's own code may use it: on before all else.
void _start(void) {
#ifdef __ARM_FP
  *reg(0xe000ed88) |= 0xfu << 20;  // CPACR: full access to CP10 and CP11
  __asm__ volatile("dsb\nisb" ::: "memory");
#endif
#ifdef BOARD_MPU_CODE
  // RAM stands in for flash, and nothing faults below the stack: protect both (Armv7-M, B3.5).
  *reg(0xe000ed9c) = BOARD_CODE | 0x10;  // MPU_RBAR, with its region's number
  *reg(0xe000eda0) = BOARD_MPU_CODE;     // MPU_RASR
  *reg(0xe000ed9c) = BOARD_GUARD | 0x11;
  *reg(0xe000eda0) = BOARD_MPU_GUARD;
  *reg(0xe000ed94) = 5;  // MPU_CTRL: on, all else as without it
#endif
  start();
}

__attribute__((used)) static void report(const uint32_t *frame) {
  const uint32_t status = *reg(0xe000ed28);  // CFSR: usage, bus and memory faults, 16+8+8 bits
  const char *kind = status >> 16 ? "usage" : status >> 8 ? "bus" : status ? "memory" : "exception";
  const uint32_t address = status & 1u << 15  ? *reg(0xe000ed38)  // BFAR, where valid
                           : status & 1u << 7 ? *reg(0xe000ed34)  // MMFAR, where valid
                                              : 0;
  // A stack that has run out of its bytes holds no frame to read.
  if (frame < __stack_start || frame + 8 > __stack_end) fault("stack overflow", 0, (uint32_t)frame);
  fault(kind, frame[6], address);
}

// The handler takes the whole stack, for an overflow may be what brought us here.
__attribute__((naked)) static void on_fault(void) {
  __asm__ volatile(
      "mov r0, sp\n"
      "ldr r1, =__stack_end\n"
      "mov sp, r1\n"
      "b report");
}

// An application that wants one of these, or more than these, brings its own startup file.
__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    __stack_end, _start,   on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
    on_fault,    on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
};
