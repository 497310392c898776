// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/adapter_report.h"

#include <format>
#include <nlohmann/json.hpp>

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

}  // namespace

json adapterJson(const std::filesystem::path& folder) {
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
