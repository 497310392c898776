// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/rotary.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>
#include <utility>

namespace orthoscribe::model {
namespace {

double stretched(double frequency, const Llama3Scaling& scaling) {
  const double waves = static_cast<double>(scaling.originalMaxPositions) * frequency / (2.0 * std::numbers::pi);
  if (waves < scaling.lowFrequencyFactor) return frequency / scaling.factor;
  if (waves > scaling.highFrequencyFactor) return frequency;
  const double kept = (waves - scaling.lowFrequencyFactor) / (scaling.highFrequencyFactor - scaling.lowFrequencyFactor);
  return (1.0 - kept) * frequency / scaling.factor + kept * frequency;
}

torch::Tensor frequencies(const RotaryConfig& config, const std::vector<double>& factors) {
  std::vector<float> values;
  for (std::int64_t i = 0; i < config.headSize / 2; ++i) {
    const double factor = factors.empty() ? 1.0 : factors[static_cast<std::size_t>(i)];
    const double frequency =
        1.0 / (factor * std::pow(config.theta, 2.0 * static_cast<double>(i) / static_cast<double>(config.headSize)));
    values.push_back(static_cast<float>(config.llama3 ? stretched(frequency, *config.llama3) : frequency));
  }
  return at::tensor(values, at::kFloat);
}

}  // namespace

Rotary::Rotary(RotaryConfig config) : config_(std::move(config)) {
  shortFrequencies_ = frequencies(config_, config_.shortFactors);
  if (config_.longFactors.empty()) return;
  longFrequencies_ = frequencies(config_, config_.longFactors);
  const double ratio = static_cast<double>(config_.maxPositions) / static_cast<double>(config_.originalMaxPositions);
  if (ratio > 1.0) magnitude_ = std::sqrt(1.0 + std::log(ratio) / std::log(static_cast<double>(config_.originalMaxPositions)));
}

bool Rotary::isLong(std::int64_t sequenceLength) const {
  return longFrequencies_.defined() && sequenceLength > config_.originalMaxPositions;
}

bool Rotary::factorsChange(std::int64_t before, std::int64_t after) const {
  return isLong(before) != isLong(after);
}

RotaryTables Rotary::tables(const torch::Tensor& positions, std::int64_t sequenceLength) const {
  const torch::Tensor& chosen = isLong(sequenceLength) ? longFrequencies_ : shortFrequencies_;
  const torch::Tensor half = positions.to(at::kFloat).unsqueeze(-1) * chosen.to(positions.device());
  torch::Tensor angles = at::cat({half, half}, -1);
  if (positions.dim() == 2) angles = angles.unsqueeze(1);
  return {angles.cos() * magnitude_, angles.sin() * magnitude_};
}

torch::Tensor applyRotary(const torch::Tensor& heads, const RotaryTables& tables) {
  const torch::Tensor wide = heads.to(at::kFloat);
  const std::int64_t half = wide.size(-1) / 2;
  const torch::Tensor swapped = at::cat({-wide.narrow(-1, half, half), wide.narrow(-1, 0, half)}, -1);
  return (wide * tables.cosine + swapped * tables.sine).to(heads.scalar_type());
}

}  // namespace orthoscribe::model
