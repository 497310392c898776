// SPDX-License-Identifier: GPL-2.0-or-later
// What routers did, as JSON: for the HTTP interface and for users' scripts.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/base/vision_language_model.h"

namespace orthoscribe {

// {"top_k", "usage", "chosen", "entropy" (of all routers together), "layers": [{"name", "usage", "chosen", "entropy"}]}, with the
// meanings of RouterUse.
nlohmann::json routingJson(const RoutingStatistics& routing);

// The same back, of an object. Statistics decide nothing, so what is wrong in them is left out rather than refused.
RoutingStatistics readRouting(const nlohmann::json& routing);

}  // namespace orthoscribe
