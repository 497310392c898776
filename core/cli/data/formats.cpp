// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe data formats: what data sets can be read.
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "core/cli/command.h"
#include "core/learn/data/readers/readers.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::cli {
namespace {

int listFormats(bool json) {
  if (json) {
    nlohmann::json formats = nlohmann::json::array();
    for (const learn::Format& format : learn::formats()) formats.push_back({{"name", format.name}, {"summary", format.summary}});
    std::printf("%s\n", nlohmann::json{{"formats", formats}, {"dialects", tasks::dialectNames()}}.dump(1).c_str());
    return kDone;
  }
  std::printf("Formats that are read:\n");
  for (const learn::Format& format : learn::formats())
    std::printf("  %-14s %s\n", std::string(format.name).c_str(), std::string(format.summary).c_str());
  std::printf("Dialects that are written:\n ");
  for (const std::string_view name : tasks::dialectNames()) std::printf(" %s", std::string(name).c_str());
  std::printf("\n");
  return kDone;
}

}  // namespace

Run declareDataFormats(CLI::App& app) {
  const auto json = std::make_shared<bool>(false);
  app.add_flag("--json", *json, "For machines");
  return [json] { return listFormats(*json); };
}

}  // namespace orthoscribe::cli
