// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/routing_json.h"

#include <nlohmann/json.hpp>

namespace orthoscribe {
namespace {

nlohmann::json useJson(const RouterUse& use) {
  return {{"usage", use.usage}, {"chosen", use.chosen}, {"entropy", use.entropy}};
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

}  // namespace orthoscribe
