// C23's maximum and minimum, which kernels for cores without an FPU call and C libraries of before
// 2023 lack. Linked in only where called. They return a NaN where an operand is one, and hold -0
// to be less than +0 (C23, F.10.9.4).
#include <math.h>

float fmaximumf(float x, float y) {
  if (isnan(x) || isnan(y)) return x + y;
  return x > y || (x == y && !signbit(x)) ? x : y;
}

float fminimumf(float x, float y) {
  if (isnan(x) || isnan(y)) return x + y;
  return x < y || (x == y && signbit(x)) ? x : y;
}
