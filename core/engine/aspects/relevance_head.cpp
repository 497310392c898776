// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/aspects/relevance_head.h"

#include <ATen/ATen.h>

#include "core/base/error.h"
#include "core/model/weights/loaded_tensors.h"

namespace orthoscribe::engine {

RelevanceHead::RelevanceHead(const std::filesystem::path& file, std::int64_t width, std::int64_t aspects, torch::Device device) {
  using model::FreshValue;
  model::LoadedTensors tensors = model::readTensors(file.parent_path(), file.stem().string(), device);
  const auto named = tensors.tensors().find("hidden.bias");
  if (named == tensors.tensors().end() || named->second.dim() != 1)
    throw Error(ErrorCode::InvalidInput, file.string() + ": the tensor 'hidden.bias' is missing or no vector");
  const std::int64_t hidden = named->second.size(0);
  hiddenWeight_ = tensors.take("hidden.weight", {hidden, width}, FreshValue::Zeros);
  hiddenBias_ = tensors.take("hidden.bias", {hidden}, FreshValue::Zeros);
  outputWeight_ = tensors.take("output.weight", {aspects, hidden}, FreshValue::Zeros);
  outputBias_ = tensors.take("output.bias", {aspects}, FreshValue::Zeros);
}

std::vector<double> RelevanceHead::of(const torch::Tensor& rows) const {
  const torch::Tensor mean = rows.to(at::kFloat).mean(0);
  const torch::Tensor logits = at::linear(at::gelu(at::linear(mean, hiddenWeight_, hiddenBias_)), outputWeight_, outputBias_);
  const torch::Tensor likely = at::sigmoid(logits).to(at::kCPU, at::kDouble).contiguous();
  return {likely.const_data_ptr<double>(), likely.const_data_ptr<double>() + likely.numel()};
}

}  // namespace orthoscribe::engine
