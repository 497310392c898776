// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/data/source_arguments.h"

#include <algorithm>
#include <cstdio>
#include <nlohmann/json.hpp>
#include <optional>

#include "core/base/error.h"
#include "core/learn/data/readers/text_lines.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/scene_classes.h"

namespace orthoscribe::cli {
namespace {

std::vector<std::string> classesIn(const std::string& listOrFile) {
  if (!std::filesystem::is_regular_file(listOrFile)) return tasks::classNames(listOrFile);
  std::vector<std::string> names;
  learn::TextLines lines(listOrFile);
  for (std::string line; lines.next(line);) names.emplace_back(tasks::trimmed(line));
  return names;
}

}  // namespace

void declareSources(CLI::App& app, SourceArguments& arguments) {
  app.add_option("source", arguments.sources, "Data sets: files or folders")->required();
  app.add_option("--format", arguments.format, "As 'data formats' lists them; otherwise by what each source looks like");
  app.add_option("--image-root", arguments.imageRoot, "Folder of the pictures, where they lie elsewhere")
      ->check(CLI::ExistingDirectory);
  app.add_option("--classes", arguments.classes,
                 "The classes to read, with commas between or a file with one a line; others are bad records");
  app.add_option("--part", arguments.part, "Only this part (train, test...), where the format tells parts apart");
  app.add_option("--labels", arguments.labels, "Vector file with the labels of a raster")->check(CLI::ExistingFile);
  app.add_option("--label-field", arguments.labelField, "Its attribute with the class; otherwise class or label");
}

std::vector<learn::SourceOptions> sourcesOf(const SourceArguments& arguments) {
  std::vector<learn::SourceOptions> sources;
  for (const std::filesystem::path& source : arguments.sources) {
    sources.push_back(
        {source, arguments.imageRoot, classesIn(arguments.classes), arguments.part, arguments.labels, arguments.labelField});
  }
  return sources;
}

learn::SkipLimit skipLimitOf(const std::string& text) {
  if (const std::optional<learn::SkipLimit> limit = learn::skipLimitIn(text)) return *limit;
  throw Error(ErrorCode::InvalidInput, "--skip-limit " + text + " is neither a number of records nor a share like 2%");
}

void tellSkipped(const learn::SkipReport& report, std::size_t most) {
  const std::vector<learn::BadRecord>& skipped = report.skipped();
  for (std::size_t i = 0; i < std::min(most, skipped.size()); ++i) {
    const learn::BadRecord& bad = skipped[i];
    std::fprintf(stderr, "%s: %s: %s\n", bad.where.c_str(), std::string(learn::nameOf(bad.kind)).c_str(), bad.what.c_str());
  }
  if (report.skippedCount() > std::int64_t(most))
    std::fprintf(stderr, "... and %lld more\n", static_cast<long long>(report.skippedCount() - std::int64_t(most)));
}

nlohmann::json skippedJson(const learn::SkipReport& report) {
  nlohmann::json counts = nlohmann::json::object();
  for (std::size_t i = 0; i < learn::kBadKindCount; ++i) {
    const auto kind = static_cast<learn::BadKind>(i);
    if (report.count(kind) > 0) counts[std::string(learn::nameOf(kind))] = report.count(kind);
  }
  nlohmann::json records = nlohmann::json::array();
  for (const learn::BadRecord& bad : report.skipped())
    records.push_back({{"kind", learn::nameOf(bad.kind)}, {"where", bad.where}, {"what", bad.what}});
  return {{"skipped", report.skippedCount()},
          {"clipped", report.clippedCount()},
          {"kinds", std::move(counts)},
          {"records", std::move(records)}};
}

}  // namespace orthoscribe::cli
