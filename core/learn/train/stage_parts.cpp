// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/stage_parts.h"

#include <algorithm>
#include <array>

#include "core/base/error.h"
#include "core/learn/train/decoder_graph.h"

namespace orthoscribe::learn {

bool belongsTo(std::string_view weight, const std::string& part) {
  const auto holds = [&](std::string_view text) { return weight.find(text) != std::string_view::npos; };
  const bool adapter = weight.starts_with(kAdapterPrefix);
  if (part == "experts") return adapter && holds(".experts.");
  if (part.starts_with("experts.")) return adapter && holds("." + part + ".");
  if (part == "routers") return adapter && weight.ends_with("router.weight");
  if (part == "shared") return adapter && holds(".shared.");
  if (part == "adapter") return adapter;
  if (part == "base") return !adapter;
  return part == "all" || weight.starts_with(part);
}

void chooseTrained(ParameterStore& store, const StageConfig& stage) {
  for (const std::string& part : stage.trains) {
    const bool found = std::any_of(store.parameters().begin(), store.parameters().end(),
                                   [&](const Parameter& parameter) { return belongsTo(parameter.name, part); });
    if (!found)
      throw Error(ErrorCode::InvalidInput, "stage " + stage.name + ": trains names '" + part + "', which the model does not have",
                  "name experts, experts.0, routers, shared, adapter, base, all or the beginning of a weight's name");
  }
  store.trainOnly([&](std::string_view name) {
    return std::any_of(stage.trains.begin(), stage.trains.end(), [&](const std::string& part) { return belongsTo(name, part); });
  });
}

std::vector<std::string> basePartsOf(const TrainConfig& config) {
  constexpr std::array<std::string_view, 6> kWords = {"experts", "routers", "shared", "adapter", "base", "all"};
  std::vector<std::string> parts;
  for (const StageConfig& stage : config.stages) {
    for (const std::string& part : stage.trains) {
      const bool known = std::ranges::count(kWords, part) > 0 || part.starts_with("experts.") || part.starts_with(kAdapterPrefix);
      if (!known && std::ranges::count(parts, part) == 0) parts.push_back(part);
    }
  }
  return parts;
}

std::vector<double> rateShares(const ParameterStore& store, const StageConfig& stage) {
  std::vector<double> shares(store.parameters().size(), 1);
  for (const auto& [part, rate] : stage.learningRates) {
    bool found = false;
    for (std::size_t index = 0; index < shares.size(); ++index) {
      const Parameter& parameter = store.parameters()[index];
      if (!parameter.trained || !belongsTo(parameter.name, part)) continue;
      shares[index] = rate / stage.learningRate;
      found = true;
    }
    if (!found)
      throw Error(ErrorCode::InvalidInput,
                  "stage " + stage.name + ": learning_rates names '" + part + "', of which nothing is trained",
                  "name parts that the stage trains");
  }
  return shares;
}

}  // namespace orthoscribe::learn
