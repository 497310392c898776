// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/rotary.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>
#include <utility>

namespace orthoscribe::model {
namespace {

torch::Tensor rotaryPowers(double theta, std::int64_t size) {
  return at::pow(theta, at::arange(0, size, 2, at::kFloat) / static_cast<double>(size));
}

torch::Tensor stretched(const torch::Tensor& frequencies, const Llama3Scaling& scaling) {
  const torch::Tensor waves = static_cast<double>(scaling.originalMaxPositions) / (2.0 * std::numbers::pi / frequencies);
  const torch::Tensor divided = frequencies / scaling.factor;
  const torch::Tensor kept = (waves - scaling.lowFrequencyFactor) / (scaling.highFrequencyFactor - scaling.lowFrequencyFactor);
  const torch::Tensor mixed = (1.0 - kept) * divided + kept * frequencies;
  return at::where(waves < scaling.lowFrequencyFactor, divided,
                   at::where(waves > scaling.highFrequencyFactor, frequencies, mixed));
}

torch::Tensor factorsOf(const std::vector<double>& factors) {
  return at::tensor(std::vector<float>(factors.begin(), factors.end()), at::kFloat);
}

torch::Tensor frequencies(const RotaryConfig& config, const std::vector<double>& factors) {
  const torch::Tensor powers = rotaryPowers(config.theta, config.headSize);
  const torch::Tensor plain = 1.0 / (factors.empty() ? powers : factorsOf(factors) * powers);
  return config.llama3 ? stretched(plain, *config.llama3) : plain;
}

}  // namespace

torch::Tensor inverseFrequencies(double theta, std::int64_t size) {
  return 1.0 / rotaryPowers(theta, size);
}

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
