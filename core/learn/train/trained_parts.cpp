// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/trained_parts.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

// What computes in the precision of its input, whatever that of its weights is.
constexpr std::array<std::string_view, 5> kMixedPrecision = {"query_tokens", "qformer.", "Qformer.", "language_projection.",
                                                             "llm_proj."};

bool beginsWithAny(std::string_view name, const auto& beginnings) {
  return std::ranges::any_of(beginnings, [&](std::string_view beginning) { return name.starts_with(beginning); });
}

}  // namespace

TrainedParts::TrainedParts(model::Checkpoint& base, ParameterStore& store, std::vector<std::string> parts,
                           torch::ScalarType dtype)
    : base_(base), store_(store), parts_(std::move(parts)) {
  const std::vector<std::string> names = base.names();
  for (const std::string& part : parts_) {
    if (std::ranges::none_of(names, [&](const std::string& name) { return name.starts_with(part); }))
      throw Error(ErrorCode::InvalidInput, "a stage trains '" + part + "', with which no weight of the model begins",
                  "name experts, experts.0, routers, shared, adapter, all or the beginning of a weight's name");
  }
  if (dtype == torch::kFloat32) return;
  for (const std::string& name : names) {
    if (trains(name) && !beginsWithAny(name, kMixedPrecision))
      throw Error(ErrorCode::Unsupported, "the weight '" + name + "' of the base is trained in float32 alone",
                  "set precision to float32");
  }
}

bool TrainedParts::trains(const std::string& name) const {
  return beginsWithAny(name, parts_);
}

torch::Tensor TrainedParts::take(const std::string& name, c10::IntArrayRef shape, model::FreshValue fresh) {
  const torch::Tensor stored = base_.take(name, shape, fresh);
  if (!trains(name)) return stored;
  if (store_.has(name)) return store_.find(name).value;
  torch::Tensor value = store_.take(name, shape, model::FreshValue::Zeros);
  names_.push_back(name);
  const at::NoGradGuard noGradients;
  value.copy_(stored);
  return value;
}

void TrainedParts::check() const {
  for (const std::string& name : names_) {
    // The store holds one, the network at least another.
    if (store_.find(name).value.use_count() > 1) continue;
    throw Error(ErrorCode::Unsupported, "the weight '" + name + "' cannot be trained: the model keeps it in another form",
                "leave that part out of `trains`");
  }
}

std::map<std::string, torch::Tensor> weightsOf(const ParameterStore& store, const std::vector<std::string>& names) {
  std::map<std::string, torch::Tensor> weights;
  for (const std::string& name : names) weights[name] = store.find(name).value.detach();
  return weights;
}

bool trainsAny(const ParameterStore& store, const std::vector<std::string>& names) {
  return std::ranges::any_of(names, [&](const std::string& name) { return store.find(name).trained; });
}

}  // namespace orthoscribe::learn
