// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/aspect_json.h"

#include <cmath>
#include <nlohmann/json.hpp>

namespace orthoscribe {
namespace {

using nlohmann::json;

std::string textOf(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

bool flagOf(const json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_boolean() && found->get<bool>();
}

double numberOf(const json& object, const char* name, double otherwise) {
  const auto found = object.find(name);
  return found != object.end() && found->is_number() ? found->get<double>() : otherwise;
}

}  // namespace

json aspectJson(const AspectReport& report) {
  json parts = json::array();
  for (const AspectPart& part : report.parts) {
    json entry = {
        {"name", part.name},       {"instruction", part.instruction}, {"text", part.text},      {"own_expert", part.ownExpert},
        {"skipped", part.skipped}, {"relevance", part.relevance},     {"mean_logprob", nullptr}};
    if (std::isfinite(part.meanLogProbability)) entry["mean_logprob"] = part.meanLogProbability;
    parts.push_back(std::move(entry));
  }
  return {{"parts", std::move(parts)},
          {"router", report.router},
          {"fusion", report.fusion},
          {"fusion_fallback", report.fusionFallback}};
}

AspectReport aspectReportOf(const json& value) {
  AspectReport report;
  if (!value.is_object()) return report;
  report.router = textOf(value, "router");
  report.fusion = textOf(value, "fusion");
  report.fusionFallback = flagOf(value, "fusion_fallback");
  const auto parts = value.find("parts");
  if (parts == value.end() || !parts->is_array()) return report;
  for (const json& entry : *parts) {
    if (!entry.is_object()) continue;
    report.parts.push_back({.name = textOf(entry, "name"),
                            .instruction = textOf(entry, "instruction"),
                            .text = textOf(entry, "text"),
                            .ownExpert = flagOf(entry, "own_expert"),
                            .skipped = flagOf(entry, "skipped"),
                            .relevance = numberOf(entry, "relevance", 1.0),
                            .meanLogProbability = numberOf(entry, "mean_logprob", AspectPart().meanLogProbability)});
  }
  return report;
}

}  // namespace orthoscribe
