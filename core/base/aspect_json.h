// SPDX-License-Identifier: GPL-2.0-or-later
// A description by aspects as JSON: for the HTTP interface and for users' scripts.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "core/base/aspect_report.h"

namespace orthoscribe {

// {"parts": [{"name", "instruction", "text", "own_expert", "skipped", "relevance", "mean_logprob" (null: unknown)}], "router",
// "fusion", "fusion_fallback"}, with the meanings of AspectReport.
nlohmann::json aspectJson(const AspectReport& report);

// The same read back. What is wrong in it is left out, since it comes from a server.
AspectReport aspectReportOf(const nlohmann::json& value);

}  // namespace orthoscribe
