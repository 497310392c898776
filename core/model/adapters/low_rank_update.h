// SPDX-License-Identifier: GPL-2.0-or-later
// What LoRA adds to a linear layer: one update for every token, or one an expert, mixed by the gates of a router.
#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

namespace orthoscribe::model {

// y += scale * sum_e gate_e B_e A_e x, computed in one go: all A under one another, the gates on the rank space, all B side by
// side (FACTS section 5). Without gates the only expert counts fully.
class LowRankUpdate {
 public:
  // a[e]: [rank, in], b[e]: [rows, rank]. The result is added to the outputs rowBegin .. rowBegin + rows - 1, so that experts of
  // gate_proj can sit on a fused gate_up_proj. gated: the experts belong to a router. dropout: share of the input that A does not
  // see wherever gradients are taken, drawn from torch's own generator.
  LowRankUpdate(std::vector<torch::Tensor> a, std::vector<torch::Tensor> b, double scale, std::int64_t rowBegin, bool gated,
                double dropout = 0.0);

  // input [.., in], output [.., out] of the bare linear -> output with the update. gates float32 [.., E], or [B, 1, E] where
  // a sequence has one choice; needed when gated.
  torch::Tensor apply(const torch::Tensor& input, const torch::Tensor& output, const torch::Tensor* gates) const;

  // scale * B_e A_e x for one expert, [.., out]: for mixtures of whole blocks, where each expert has its own non-linearity.
  torch::Tensor ofExpert(const torch::Tensor& input, std::int64_t expert, std::int64_t outputs) const;

  // What a single expert adds to the linear's weight: scale * B A in float32, [outputs, in], zero outside its rows.
  torch::Tensor weightDelta(std::int64_t outputs) const;

  bool gated() const { return gated_; }
  double scale() const { return scale_; }
  std::int64_t rowBegin() const { return rowBegin_; }
  // Of one expert: [rank, in] and [rows, rank].
  const torch::Tensor& a(std::int64_t expert = 0) const { return a_[static_cast<std::size_t>(expert)]; }
  const torch::Tensor& b(std::int64_t expert = 0) const { return b_[static_cast<std::size_t>(expert)]; }
  std::int64_t experts() const { return static_cast<std::int64_t>(a_.size()); }

 private:
  torch::Tensor seen(const torch::Tensor& input) const;
  torch::Tensor placed(const torch::Tensor& delta, std::int64_t outputs) const;

  std::vector<torch::Tensor> a_, b_;  // parts of allA_ and allB_ where these are kept
  torch::Tensor allA_;                // [E * rank, in]; kept when nothing is trained, else joined at every call
  torch::Tensor allB_;                // [rows, E * rank]
  double scale_;
  std::int64_t rowBegin_;
  bool gated_;
  double dropout_;
};

}  // namespace orthoscribe::model
