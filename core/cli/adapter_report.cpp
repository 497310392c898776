// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/adapter_report.h"

#include <algorithm>
#include <cstdint>
#include <format>
#include <nlohmann/json.hpp>
#include <set>

#include "core/engine/aspects/aspect_set.h"
#include "core/model/adapters/adapter_folder.h"

namespace orthoscribe::cli {
namespace {

using nlohmann::json;

std::string joined(const json& values) {
  std::string text;
  for (const json& value : values)
    text += (text.empty() ? "" : ", ") + (value.is_string() ? value.get<std::string>() : value.dump());
  return text;
}

// All experts together.
json aspectSetJson(const std::filesystem::path& folder) {
  const engine::AspectSet set = engine::readAspectSet(folder);
  std::set<std::string> linears;
  std::set<std::int64_t> ranks;
  std::int64_t layers = 0;
  std::int64_t parameters = 0;
  for (const std::filesystem::path& expert : set.bank()) {
    if (expert.empty()) continue;
    const model::AdapterSummary summary = model::summariseAdapter(expert);
    linears.insert(summary.linears.begin(), summary.linears.end());
    ranks.insert(summary.ranks.begin(), summary.ranks.end());
    layers = std::max(layers, summary.layers);
    parameters += summary.parameters;
  }
  std::string kind = "experts for the aspects of a description:";
  for (const engine::Aspect& aspect : set.aspects) kind += " " + aspect.name + (aspect.adapter.empty() ? " (base)" : "");
  kind += std::format("; router: {}, fusion: {}", engine::nameOf(set.routerMode), engine::nameOf(set.fusionMode));
  const std::filesystem::path whole = std::filesystem::weakly_canonical(folder);
  return {{"name", whole.filename().string()},
          {"folder", whole.string()},
          {"type", "ASPECTS"},
          {"kind", kind},
          {"base", set.base},
          {"ranks", ranks},
          {"layers", layers},
          {"linears", linears},
          {"parameters", parameters}};
}

}  // namespace

json adapterJson(const std::filesystem::path& folder) {
  if (!std::filesystem::exists(folder / "adapter_config.json") && engine::isAspectSet(folder)) return aspectSetJson(folder);
  const model::AdapterSummary summary = model::summariseAdapter(folder);
  json entry{{"name", summary.name},
             {"folder", std::filesystem::weakly_canonical(folder).string()},
             {"type", summary.config.type},
             {"kind", model::kindOfAdapter(summary.config)},
             {"base", summary.config.base},
             {"ranks", summary.ranks},
             {"layers", summary.layers},
             {"linears", summary.linears},
             {"parameters", summary.parameters}};
  if (summary.config.experts > 0)
    entry.update({{"experts", summary.config.experts}, {"top_k", summary.config.topK}, {"routers", summary.routers}});
  return entry;
}

std::vector<std::string> adapterLines(const json& adapter) {
  std::vector<std::string> lines;
  const auto line = [&](const char* label, const std::string& value) { lines.push_back(std::format("{:<18} {}", label, value)); };
  line("Adapter", adapter["name"]);
  line("  Kind", adapter["kind"]);
  if (!adapter["base"].get<std::string>().empty()) line("  Trained on", adapter["base"]);
  if (adapter.contains("experts"))
    line("  Experts", std::format("{}, {} a choice, {} routers", adapter["experts"].dump(), adapter["top_k"].dump(),
                                  adapter["routers"].dump()));
  line("  Rank", joined(adapter["ranks"]));
  line("  Layers", adapter["layers"].dump());
  line("  Linears", joined(adapter["linears"]));
  line("  Parameters", adapter["parameters"].dump());
  return lines;
}

}  // namespace orthoscribe::cli
