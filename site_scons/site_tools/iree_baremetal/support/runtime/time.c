// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Time for a runtime that never waits: with one thread and a synchronous device, what is waited
// for has happened already. A board with a clock names functions of its own in runtime_macros.
#include <stdbool.h>
#include <stdint.h>

// For IREE_WAIT_UNTIL_FN: false would mean that the wait failed (upstream's bare-metal guide).
bool iree_baremetal_wait_until(uint64_t deadline_ns) {
  (void)deadline_ns;
  return true;
}
