// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/aspects/relevance_head.h"

#include <ATen/ATen.h>

#include "core/base/error.h"
#include "core/model/weights/loaded_tensors.h"

namespace orthoscribe::engine {

namespace {

std::int64_t hiddenOf(const model::LoadedTensors& tensors) {
  const auto named = tensors.tensors().find("hidden.bias");
  if (named == tensors.tensors().end() || named->second.dim() != 1)
    throw Error(ErrorCode::InvalidInput, tensors.file().string() + ": the tensor 'hidden.bias' is missing or no vector");
  return named->second.size(0);
}

RelevanceHead readHead(model::LoadedTensors tensors, std::int64_t width, std::int64_t aspects) {
  return {model::Scope(tensors, ""), hiddenOf(tensors), width, aspects};
}

}  // namespace

RelevanceHead::RelevanceHead(const std::filesystem::path& file, std::int64_t width, std::int64_t aspects, torch::Device device)
    : RelevanceHead(readHead(model::readTensors(file.parent_path(), file.stem().string(), device), width, aspects)) {}

RelevanceHead::RelevanceHead(const model::Scope& weights, std::int64_t hidden, std::int64_t width, std::int64_t aspects)
    : hiddenWeight_(weights.take("hidden.weight", {hidden, width}, model::FreshValue::KaimingUniform)),
      hiddenBias_(weights.take("hidden.bias", {hidden}, model::FreshValue::Zeros)),
      outputWeight_(weights.take("output.weight", {aspects, hidden}, model::FreshValue::KaimingUniform)),
      outputBias_(weights.take("output.bias", {aspects}, model::FreshValue::Zeros)) {}

torch::Tensor RelevanceHead::logits(const torch::Tensor& rows) const {
  const torch::Tensor mean = rows.to(at::kFloat).mean(0);
  return at::linear(at::gelu(at::linear(mean, hiddenWeight_, hiddenBias_)), outputWeight_, outputBias_);
}

std::vector<double> RelevanceHead::of(const torch::Tensor& rows) const {
  const torch::Tensor likely = at::sigmoid(logits(rows)).to(at::kCPU, at::kDouble).contiguous();
  return {likely.const_data_ptr<double>(), likely.const_data_ptr<double>() + likely.numel()};
}

}  // namespace orthoscribe::engine
