#pragma once

struct Choice {
  virtual int operator()(const float *scores, int count) const = 0;
};

struct Largest final : Choice {
  int operator()(const float *scores, int count) const override;
};
