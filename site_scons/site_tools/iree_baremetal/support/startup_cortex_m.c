// Vector table, reset and faults of Cortex-M0 to M55.
#include <stdint.h>

#include "cortex_m.h"

extern uint32_t __stack_start[], __stack_end[];

// Where the optional FPU is built in, the compiler's own code may use it: on before all else.
void _start(void) {
#ifdef __ARM_FP
  *reg(0xe000ed88) |= 0xfu << 20;  // CPACR: full access to CP10 and CP11
  __asm__ volatile("dsb\nisb" ::: "memory");
#endif
#if __ARM_ARCH >= 8
  // A stack that runs out of its bytes faults at once.
  __asm__ volatile("msr msplim, %0" ::"r"(__stack_start));
#ifdef BOARD_CODE
  // RAM stands in for flash: make it read-only (Armv8-M, PMSAv8).
  *reg(0xe000ed98) = 0;                        // MPU_RNR
  *reg(0xe000edc0) = 0x44;                     // MPU_MAIR0: normal memory, not cached
  *reg(0xe000ed9c) = BOARD_CODE | 2u << 1;     // MPU_RBAR: read-only for privileged code
  *reg(0xe000eda0) = (BOARD_CODE_LAST & ~31u) | 1;  // MPU_RLAR
  *reg(0xe000ed94) = 5;                        // MPU_CTRL: on, all else as without it
#endif
#elif defined(BOARD_MPU_CODE)
  // RAM stands in for flash, and nothing faults below the stack: protect both (Armv7-M, B3.5).
  *reg(0xe000ed9c) = BOARD_CODE | 0x10;  // MPU_RBAR, with its region's number
  *reg(0xe000eda0) = BOARD_MPU_CODE;     // MPU_RASR
  *reg(0xe000ed9c) = BOARD_GUARD | 0x11;
  *reg(0xe000eda0) = BOARD_MPU_GUARD;
  *reg(0xe000ed94) = 5;  // MPU_CTRL: on, all else as without it
#endif
  start();
}

#if __ARM_ARCH_ISA_THUMB < 2
// Armv6-M tells nothing of a fault but where it was.
__attribute__((used)) static void report(const uint32_t *frame) {
  if (frame < __stack_start || frame + 8 > __stack_end) fault("stack overflow", 0, (uint32_t)frame);
  fault("exception", frame[6], 0);
}
#else
__attribute__((used)) static void report(const uint32_t *frame) {
  const uint32_t status = *reg(0xe000ed28);  // CFSR: usage, bus and memory faults, 16+8+8 bits
  const char *kind = status >> 16 ? "usage" : status >> 8 ? "bus" : status ? "memory" : "exception";
  const uint32_t address = status & 1u << 15  ? *reg(0xe000ed38)  // BFAR, where valid
                           : status & 1u << 7 ? *reg(0xe000ed34)  // MMFAR, where valid
                                              : 0;
  // A stack that has run out of its bytes holds no frame to read. UFSR.STKOF: Armv8-M saw it itself.
  if (status & 1u << 20 || frame < __stack_start || frame + 8 > __stack_end) fault("stack overflow", 0, (uint32_t)frame);
  fault(kind, frame[6], address);
}
#endif

// The handler takes the whole stack, for an overflow may be what brought us here.
__attribute__((naked)) static void on_fault(void) {
  __asm__ volatile(
      "mov r0, sp\n"
      "ldr r1, =__stack_end\n"
      "mov sp, r1\n"
      "ldr r1, =report\n"
      "bx r1");
}

// An application that wants one of these, or more than these, brings its own startup file.
__attribute__((section(".vectors"), used)) static const void *const vectors[16] = {
    __stack_end, _start,   on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
    on_fault,    on_fault, on_fault, on_fault, on_fault, on_fault, on_fault, on_fault,
};
