// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/copy_attention.h"

#include <ATen/ATen.h>

#include "core/model/blocks/object_list.h"

namespace orthoscribe::model {
namespace {

constexpr std::int64_t kNumbersPerObject = 5;
constexpr double kGainScale = 20;  // the gain's own unit: large steps for a small rate of learning

torch::Tensor dense(const torch::Tensor& input, const torch::Tensor& weight, const torch::Tensor& bias) {
  return at::linear(input, weight.to(input.scalar_type()), bias.to(input.scalar_type()));
}

}  // namespace

CopyAttention::CopyAttention(const Scope& scope, std::int64_t width, std::int64_t vocabulary, std::int64_t objectClasses)
    : objectClasses_(objectClasses),
      flags_(scope.take("token_flags", {vocabulary, 2}, FreshValue::Zeros)),
      classWeight_(scope.take("class.weight", {objectClasses, width})),
      classBias_(scope.take("class.bias", {objectClasses}, FreshValue::Zeros)),
      gateWeight_(scope.take("gate.weight", {1, width})),
      gateBias_(scope.take("gate.bias", {1}, FreshValue::Zeros)),
      nothing_(scope.take("nothing", {1}, FreshValue::Zeros)),
      gain_(scope.take("gain", {1}, FreshValue::Ones)),
      noticed_(scope.take("noticed", {width, 4}, FreshValue::Zeros)) {}

torch::Tensor CopyAttention::tokenFlags(const torch::Tensor& ids) const {
  return at::embedding(flags_, ids);
}

torch::Tensor CopyAttention::forward(const torch::Tensor& hidden, const torch::Tensor& objects,
                                     const torch::Tensor& numbersBefore) const {
  const torch::Tensor state = hidden.to(at::kFloat);
  const torch::Tensor list = objects.to(at::kFloat);
  const torch::Tensor classes = list.narrow(2, 0, objectClasses_);  // [N, K, C]
  const torch::Tensor places =
      (classes.cumsum(1) * classes).sum(2).round().to(at::kLong);                  // 1, 2, ... within the class; 0: no object
  const torch::Tensor wanted = numbersBefore.div(kNumbersPerObject, "floor") + 1;  // [N, S]
  const torch::Tensor slot = numbersBefore.remainder(kNumbersPerObject);

  const torch::Tensor meant = dense(state, classWeight_, classBias_);         // [N, S, C]
  const torch::Tensor likeness = at::matmul(meant, classes.transpose(1, 2));  // [N, S, K]
  const torch::Tensor elsewhere = places.unsqueeze(1).ne(wanted.unsqueeze(2));
  const torch::Tensor none = nothing_.to(at::kFloat).expand({state.size(0), state.size(1), 1});
  const torch::Tensor weights = at::cat({likeness.masked_fill(elsewhere, -1e9), none}, 2).softmax(2).narrow(2, 0, list.size(1));

  const torch::Tensor waves = at::matmul(weights, list.narrow(2, objectClasses_ + 4, kNumbersPerObject * kNumberWaves))
                                  .view({state.size(0), state.size(1), kNumbersPerObject, kNumberWaves});
  const torch::Tensor index = slot.unsqueeze(2).unsqueeze(3).expand({-1, -1, 1, kNumberWaves});
  const torch::Tensor chosen = waves.gather(2, index).squeeze(2);  // [N, S, waves]
  const torch::Tensor copied = chosen * dense(state, gateWeight_, gateBias_).sigmoid() * (gain_.to(at::kFloat) * kGainScale);
  const torch::Tensor about = at::matmul(weights, list.narrow(2, objectClasses_, 4));  // [N, S, 4]
  const torch::Tensor told = at::matmul(about, noticed_.to(at::kFloat).t() * kGainScale);
  const torch::Tensor padded = at::constant_pad_nd(copied, {0, state.size(2) - kNumberWaves});
  return (padded + told).to(hidden.scalar_type());
}

torch::Tensor numbersSinceAnswer(const torch::Tensor& flags) {
  const torch::Tensor numbers = flags.select(2, 0).round().to(at::kLong).cumsum(1);
  const torch::Tensor begins = flags.select(2, 1).round().to(at::kLong);
  const torch::Tensor before = std::get<0>((numbers * begins).cummax(1));
  return numbers - before;
}

}  // namespace orthoscribe::model
