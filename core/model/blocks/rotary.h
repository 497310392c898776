// SPDX-License-Identifier: GPL-2.0-or-later
// Rotary position embedding (Su et al. 2021), half-split, with the long-rope factors of Phi-3 and the scalings of Llama.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>
#include <vector>

namespace orthoscribe::model {

// Llama 3.1's stretching of frequencies: those whose wave is longer than originalMaxPositions / lowFrequencyFactor positions are
// divided by `factor`, those shorter than originalMaxPositions / highFrequencyFactor are kept, between them the two are mixed
// linearly in the frequency (transformers, rope type "llama3").
struct Llama3Scaling {
  double factor = 1.0;
  double lowFrequencyFactor = 1.0;
  double highFrequencyFactor = 4.0;  // above lowFrequencyFactor
  std::int64_t originalMaxPositions = 0;
};

struct RotaryConfig {
  std::int64_t headSize = 0;
  double theta = 10000.0;
  // Long rope (skynova.md section 1.7); empty: plain.
  std::vector<double> shortFactors;
  std::vector<double> longFactors;
  std::int64_t originalMaxPositions = 0;
  std::int64_t maxPositions = 0;
  std::optional<Llama3Scaling> llama3 = std::nullopt;
};

struct RotaryTables {
  torch::Tensor cosine;  // [.., S, headSize], float32
  torch::Tensor sine;
};

// 1 / theta^(2i / size), float32 [size / 2]. Every step in float32, as the references take it: angles at far positions show the
// rounding.
torch::Tensor inverseFrequencies(double theta, std::int64_t size);

class Rotary {
 public:
  explicit Rotary(RotaryConfig config);

  // positions int64 [S] or [B, S] -> tables [S, headSize] or [B, 1, S, headSize]. sequenceLength: length of the whole sequence,
  // which chooses between short and long factors.
  RotaryTables tables(const torch::Tensor& positions, std::int64_t sequenceLength) const;

  // Whether a sequence of `before` tokens was computed with other factors than one of `after` tokens.
  bool factorsChange(std::int64_t before, std::int64_t after) const;

 private:
  bool isLong(std::int64_t sequenceLength) const;
  RotaryConfig config_;
  torch::Tensor shortFrequencies_, longFrequencies_;  // [headSize / 2]
  double magnitude_ = 1.0;
};

// heads [.., heads, S, headSize] turned by the tables; computed in float32, given back in the input's precision.
torch::Tensor applyRotary(const torch::Tensor& heads, const RotaryTables& tables);

}  // namespace orthoscribe::model
