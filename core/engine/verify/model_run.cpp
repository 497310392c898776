// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/model_run.h"

#include <ATen/ATen.h>

#include <limits>
#include <utility>

#include "core/base/error.h"
#include "core/engine/verify/tensors.h"

namespace orthoscribe::engine::verify {

std::filesystem::path baseOf(const std::filesystem::path& folder, const std::string& name) {
  for (std::filesystem::path above = folder.parent_path(); above.has_relative_path(); above = above.parent_path())
    if (std::filesystem::exists(above / name / "config.json")) return above / name;
  throw Error(ErrorCode::NotFound, "the base model '" + name + "' of the adapter is not in any folder above it");
}

LoadedModel loadForVerification(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& adapters) {
  return {folder, adapters, Placement{.device = c10::kCPU, .precision = c10::ScalarType::Float}};
}

model::Observer Observations::observer() {
  return [this](std::string_view name, const at::Tensor& value) { values_[std::string(name)] = value.detach().clone(); };
}

std::optional<at::Tensor> Observations::find(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::nullopt : std::optional<at::Tensor>(found->second);
}

at::Tensor forwardWhole(const model::Network& network, const SequenceInput& input, const model::Observer& observer) {
  const at::NoGradGuard noGradients;
  model::KvCache cache = network.makeCache();
  return network.forward(embed(network, input, 0, static_cast<std::int64_t>(input.ids.size())), cache, false, &observer);
}

std::vector<Check> compareObserved(const Observations& observed, const model::SafetensorsFile& expected,
                                   const std::function<std::optional<Wanted>(const std::string& name)>& wanted) {
  std::vector<Check> checks;
  for (const auto& [name, entry] : expected.entries()) {
    const std::optional<Wanted> way = wanted(name);
    if (!way) continue;
    if (const auto value = observed.find(way->observedName))
      checks.push_back(compareTensors(name, *value, expected.tensor(name), way->tolerance));
    else
      checks.push_back({.what = name,
                        .error = std::numeric_limits<double>::quiet_NaN(),
                        .tolerance = way->tolerance,
                        .note = "the network does not show it"});
  }
  return checks;
}

}  // namespace orthoscribe::engine::verify
