// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/adapters/low_rank_update.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

namespace orthoscribe::model {

LowRankUpdate::LowRankUpdate(std::vector<torch::Tensor> a, std::vector<torch::Tensor> b, double scale, std::int64_t rowBegin,
                             bool gated, double dropout)
    : a_(std::move(a)), b_(std::move(b)), scale_(scale), rowBegin_(rowBegin), gated_(gated), dropout_(dropout) {
  const bool trained = std::any_of(a_.begin(), a_.end(), [](const torch::Tensor& tensor) { return tensor.requires_grad(); });
  if (trained) return;
  allA_ = at::cat(a_, 0);
  allB_ = at::cat(b_, 1);
  a_ = allA_.chunk(experts(), 0);
  b_ = allB_.chunk(experts(), 1);
}

torch::Tensor LowRankUpdate::apply(const torch::Tensor& input, const torch::Tensor& output, const torch::Tensor* gates) const {
  // What is trained is float32 whatever the model's precision.
  const torch::Tensor a = allA_.defined() ? allA_ : at::cat(a_, 0).to(input.scalar_type());
  const torch::Tensor b = allB_.defined() ? allB_ : at::cat(b_, 1).to(input.scalar_type());
  torch::Tensor ranks = at::linear(seen(input), a);
  if (gated_) {
    auto shape = ranks.sizes().vec();
    auto split = shape;
    split.back() = experts();
    split.push_back(shape.back() / experts());
    ranks = (ranks.view(split) * (*gates * scale_).to(ranks.scalar_type()).unsqueeze(-1)).view(shape);
  } else {
    ranks = ranks * scale_;
  }
  return output + placed(at::linear(ranks, b), output.size(-1));
}

torch::Tensor LowRankUpdate::seen(const torch::Tensor& input) const {
  return dropout_ > 0 && at::GradMode::is_enabled() ? at::dropout(input, dropout_, true) : input;
}

torch::Tensor LowRankUpdate::ofExpert(const torch::Tensor& input, std::int64_t expert, std::int64_t outputs) const {
  const auto index = static_cast<std::size_t>(expert);
  return placed(at::linear(at::linear(input, a_[index]), b_[index]) * scale_, outputs);
}

torch::Tensor LowRankUpdate::weightDelta(std::int64_t outputs) const {
  const torch::Tensor delta = at::matmul(b_[0].to(at::kFloat), a_[0].to(at::kFloat)) * scale_;
  return at::constant_pad_nd(delta, {0, 0, rowBegin_, outputs - rowBegin_ - delta.size(0)});
}

torch::Tensor LowRankUpdate::placed(const torch::Tensor& delta, std::int64_t outputs) const {
  const std::int64_t rows = delta.size(-1);
  if (rows == outputs) return delta;
  return at::constant_pad_nd(delta, {rowBegin_, outputs - rowBegin_ - rows});
}

}  // namespace orthoscribe::model
