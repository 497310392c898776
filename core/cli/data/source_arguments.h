// SPDX-License-Identifier: GPL-2.0-or-later
// What the subcommands of data share that read data sets.
#pragma once

#include <filesystem>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "core/cli/command.h"
#include "core/learn/data/readers/source_options.h"
#include "core/learn/data/skip_report.h"

namespace orthoscribe::cli {

struct SourceArguments {
  std::vector<std::filesystem::path> sources;
  std::string format;
  std::filesystem::path imageRoot;
  std::string classes;  // a list with commas, or a file with one a line
  std::string part;
  std::filesystem::path labels;
  std::string labelField;
};

void declareSources(CLI::App& app, SourceArguments& arguments);
// One for each source. Throws Error{NotFound or Io} when a file of classes cannot be read.
std::vector<learn::SourceOptions> sourcesOf(const SourceArguments& arguments);

// "2%" of the records, or a number of them. Throws Error{InvalidInput}.
learn::SkipLimit skipLimitOf(const std::string& text);

// Tells the bad records, `most` of them, and how many there are of each kind, on standard error.
void tellSkipped(const learn::SkipReport& report, std::size_t most);
nlohmann::json skippedJson(const learn::SkipReport& report);

}  // namespace orthoscribe::cli
