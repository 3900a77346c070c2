// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Calls to the emulator or debugger, as "Semihosting for AArch32 and AArch64" (Arm) and "RISC-V
// Semihosting" (RISC-V International) describe them.
#pragma once

#include <stdint.h>

enum {
  SYS_OPEN = 0x01,
  SYS_CLOSE = 0x02,
  SYS_WRITE = 0x05,
  SYS_READ = 0x06,
  SYS_FLEN = 0x0c,
  SYS_GET_CMDLINE = 0x15,
  SYS_EXIT_EXTENDED = 0x20,
};

// Calls where somebody listens, else returns -1 at once: nobody there, the call would be a fault. One function, so that
// a debugger needs one breakpoint to serve the calls itself (device/probe.py).
__attribute__((noinline)) intptr_t semihosting(int operation, const void *argument);
