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

/* Half precision and integers of 64 bits, of cores that have it in registers (Armv8.1-M): LLVM's names, as in its
 * compiler-rt; a half is in the lower half of a float's register.
 */
#if defined(IREE_HELPER___floatdihf) || defined(IREE_HELPER___floatundihf)
/* To nearest, ties to even. */
static inline float iree_helper_half(uint64_t magnitude, uint32_t sign) {
  uint32_t bits = 0, exponent = 0;
  float result;
  if (magnitude > 0xffffu) {
    bits = 0x7c00u;
  } else if (magnitude != 0) {
    const uint32_t n = (uint32_t)magnitude;
    while (n >> exponent > 1u) ++exponent;
    bits = (exponent + 14u) << 10; /* the first bit of what is added is one of the exponent */
    if (exponent <= 10u) {
      bits += n << (10u - exponent);
    } else {
      const uint32_t shift = exponent - 10u, half = 1u << (shift - 1u);
      bits += (n + half - 1u + (n >> shift & 1u)) >> shift;
    }
  }
  bits |= sign << 15;
  memcpy(&result, &bits, sizeof result);
  return result;
}
#endif

#ifdef IREE_HELPER___floatdihf
float __floatdihf(int64_t n);
IREE_HELPER float __floatdihf(int64_t n) { return iree_helper_half(n < 0 ? 0 - (uint64_t)n : (uint64_t)n, n < 0); }
#endif

#ifdef IREE_HELPER___floatundihf
float __floatundihf(uint64_t n);
IREE_HELPER float __floatundihf(uint64_t n) { return iree_helper_half(n, 0); }
#endif

#if defined(IREE_HELPER___fixhfdi) || defined(IREE_HELPER___fixunshfdi)
/* Towards zero; the largest of all for an infinity. */
static inline uint64_t iree_helper_magnitude(uint32_t bits, uint64_t largest) {
  const uint32_t exponent = bits >> 10 & 31u, digits = (bits & 0x3ffu) | 0x400u;
  if (exponent < 15u) return 0;
  if (exponent == 31u) return largest;
  return exponent < 25u ? digits >> (25u - exponent) : (uint64_t)digits << (exponent - 25u);
}
#endif

#ifdef IREE_HELPER___fixhfdi
int64_t __fixhfdi(float x);
IREE_HELPER int64_t __fixhfdi(float x) {
  const uint32_t bits = iree_helper_bits(x);
  const int64_t magnitude = (int64_t)iree_helper_magnitude(bits, INT64_MAX);
  return bits & 0x8000u ? -magnitude : magnitude;
}
#endif

#ifdef IREE_HELPER___fixunshfdi
uint64_t __fixunshfdi(float x);
IREE_HELPER uint64_t __fixunshfdi(float x) {
  const uint32_t bits = iree_helper_bits(x);
  return bits & 0x8000u ? 0 : iree_helper_magnitude(bits, UINT64_MAX);
}
#endif

#endif /* IREE_HELPERS_H */
