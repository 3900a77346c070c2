#include "best.hpp"

int Largest::operator()(const float *scores, int count) const {
  int best = 0;
  for (int i = 1; i < count; ++i) {
    if (scores[i] > scores[best]) best = i;
  }
  return best;
}
