// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/routing_json.h"

#include <nlohmann/json.hpp>

namespace orthoscribe {
namespace {

nlohmann::json useJson(const RouterUse& use) {
  return {{"usage", use.usage}, {"chosen", use.chosen}, {"entropy", use.entropy}};
}

using nlohmann::json;

// Missing and null are the same.
const json* member(const json& object, const char* name) {
  const auto found = object.find(name);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::vector<double> numbersOf(const json& object, const char* name) {
  std::vector<double> numbers;
  const json* list = member(object, name);
  if (!list || !list->is_array()) return numbers;
  for (const json& number : *list) numbers.push_back(number.is_number() ? number.get<double>() : 0.0);
  return numbers;
}

}  // namespace

nlohmann::json routingJson(const RoutingStatistics& routing) {
  nlohmann::json value = useJson(meanUse(routing));
  value["top_k"] = routing.topK;
  value["layers"] = nlohmann::json::array();
  for (const RouterUse& use : routing.routers) {
    nlohmann::json layer = useJson(use);
    layer["name"] = use.place;
    value["layers"].push_back(std::move(layer));
  }
  return value;
}

RoutingStatistics readRouting(const nlohmann::json& routing) {
  RoutingStatistics statistics;
  if (const json* topK = member(routing, "top_k"); topK && topK->is_number_unsigned())
    statistics.topK = topK->get<std::int64_t>();
  const json* layers = member(routing, "layers");
  if (!layers || !layers->is_array()) return statistics;
  for (const json& layer : *layers) {
    if (!layer.is_object()) continue;
    RouterUse use;
    if (const json* name = member(layer, "name"); name && name->is_string()) use.place = name->get<std::string>();
    use.usage = numbersOf(layer, "usage");
    for (const double count : numbersOf(layer, "chosen")) {
      constexpr double kMost = 1e15;
      use.chosen.push_back(count >= 0.0 && count <= kMost ? static_cast<std::int64_t>(count) : 0);
    }
    if (const json* entropy = member(layer, "entropy"); entropy && entropy->is_number()) use.entropy = entropy->get<double>();
    statistics.routers.push_back(std::move(use));
  }
  return statistics;
}

}  // namespace orthoscribe
