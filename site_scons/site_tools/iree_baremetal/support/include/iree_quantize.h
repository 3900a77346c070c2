/* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception */
/* Real values to a quantized tensor's elements, and back: real = scale * (element - zero point). */
#ifndef IREE_QUANTIZE_H
#define IREE_QUANTIZE_H

#include <stdint.h>

/* Where a value in the middle of two elements goes. */
enum { IREE_HALF_TO_EVEN, IREE_HALF_AWAY };

/* The element next to real, from lowest to highest, elements of 8 or 16 bits; NaN gives the lowest. */
static inline int32_t iree_quantize(float real, float scale, int32_t zero_point, int32_t lowest, int32_t highest, int half) {
  const float low = (float)(lowest - zero_point), high = (float)(highest - zero_point);
  float steps = real / scale;
  if (!(steps > low)) steps = low;
  if (steps > high) steps = high;
  int32_t whole = (int32_t)steps; /* towards zero */
  const float rest = steps - (float)whole;
  const int up = half == IREE_HALF_AWAY || (whole & 1);
  if (rest > 0.5f || (rest == 0.5f && up)) ++whole;
  if (rest < -0.5f || (rest == -0.5f && up)) --whole;
  return whole + zero_point;
}

static inline float iree_dequantize(int32_t element, float scale, int32_t zero_point) {
  return scale * (float)(element - zero_point);
}

#endif  /* IREE_QUANTIZE_H */
