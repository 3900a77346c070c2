/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* What kernels call and C libraries of today lack: each where the generated source asks for it by IREE_HELPER_…,
 * and weak, as the library to link with may have it. Bits decide, so that -ffast-math changes nothing.
 */
#ifndef IREE_HELPERS_H
#define IREE_HELPERS_H

#include <stdint.h>
#include <string.h>

#define IREE_HELPER __attribute__((weak, used))

static inline uint32_t iree_helper_bits(float x) {
  uint32_t bits;
  memcpy(&bits, &x, sizeof bits);
  return bits;
}

#if defined(IREE_HELPER_fmaximumf) || defined(IREE_HELPER_fminimumf)
/* C23, F.10.9.4: a NaN where an operand is one; -0 is less than +0. */
static inline int iree_helper_is_nan(uint32_t bits) { return (bits << 1) > 0xff000000u; }

/* Numbers that compare as the floats do. */
static inline uint32_t iree_helper_order(uint32_t bits) { return bits & 0x80000000u ? ~bits : bits | 0x80000000u; }
#endif

#ifdef IREE_HELPER_fmaximumf
float fmaximumf(float x, float y);
IREE_HELPER float fmaximumf(float x, float y) {
  const uint32_t a = iree_helper_bits(x), b = iree_helper_bits(y);
  if (iree_helper_is_nan(a) || iree_helper_is_nan(b)) return x + y;
  return iree_helper_order(a) >= iree_helper_order(b) ? x : y;
}
#endif

#ifdef IREE_HELPER_fminimumf
float fminimumf(float x, float y);
IREE_HELPER float fminimumf(float x, float y) {
  const uint32_t a = iree_helper_bits(x), b = iree_helper_bits(y);
  if (iree_helper_is_nan(a) || iree_helper_is_nan(b)) return x + y;
  return iree_helper_order(a) <= iree_helper_order(b) ? x : y;
}
#endif

/* Half precision without an FPU: the names of "Run-time ABI for the Arm Architecture", 5.1.2, for GCC's libgcc. Both
 * take and return core registers.
 */
#ifdef IREE_HELPER___aeabi_h2f
uint32_t __gnu_h2f_ieee(uint16_t);
uint32_t __aeabi_h2f(uint16_t half);
IREE_HELPER uint32_t __aeabi_h2f(uint16_t half) { return __gnu_h2f_ieee(half); }
#endif

#ifdef IREE_HELPER___aeabi_f2h
uint16_t __gnu_f2h_ieee(uint32_t);
uint16_t __aeabi_f2h(uint32_t bits);
IREE_HELPER uint16_t __aeabi_f2h(uint32_t bits) { return __gnu_f2h_ieee(bits); }
#endif

#ifdef IREE_HELPER___truncsfbf2
/* To bfloat16, to nearest, ties to even. LLVM takes it from the lower half of a float's register. */
float __truncsfbf2(float x);
IREE_HELPER float __truncsfbf2(float x) {
  const uint32_t bits = iree_helper_bits(x);
  const uint32_t is_nan = (bits << 1) > 0xff000000u;
  const uint32_t half = is_nan ? bits >> 16 | 0x40u : (bits + 0x7fffu + (bits >> 16 & 1u)) >> 16;
  float result;
  memcpy(&result, &half, sizeof result);
  return result;
}
#endif

#endif /* IREE_HELPERS_H */
