// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// A 64-bit count from a 32-bit one that is read at least once a wrap.
#pragma once

#include <stdint.h>

static inline uint64_t extend(uint32_t now) {
  static uint32_t high, last;
  if (now < last) ++high;
  last = now;
  return (uint64_t)high << 32 | now;
}
