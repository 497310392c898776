// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe data check: reads data sets from end to end and tells what is in them and what is bad.
#include <cstdio>
#include <limits>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>

#include "core/cli/command.h"
#include "core/cli/data/source_arguments.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/learn/data/convert/check_source.h"

namespace orthoscribe::cli {
namespace {

constexpr learn::SkipLimit kAny = {.share = 1.0, .atLeast = std::numeric_limits<std::int64_t>::max()};

struct Options {
  SourceArguments sources;
  std::size_t show = 1000;
  bool json = false;
};

nlohmann::json asJson(const std::string& source, const learn::SourceCounts& counts, const learn::SkipReport& report) {
  return {{"source", source},
          {"format", counts.format},
          {"records", counts.records},
          {"pictures", counts.pictures},
          {"objects", counts.objects},
          {"difficult", counts.difficult},
          {"scenes", counts.scenes},
          {"questions", counts.questions},
          {"captions", counts.captions},
          {"phrases", counts.phrases},
          {"conversations", counts.conversations},
          {"bad", skippedJson(report)}};
}

void printNamed(const char* what, const std::map<std::string, std::int64_t>& counts) {
  if (counts.empty()) return;
  std::printf("  %s:", what);
  const char* separator = " ";
  for (const auto& [name, count] : counts) {
    std::printf("%s%s %lld", separator, name.empty() ? "(no type)" : name.c_str(), static_cast<long long>(count));
    separator = ", ";
  }
  std::printf("\n");
}

void printNumber(const char* what, std::int64_t count) {
  if (count > 0) std::printf("  %s: %lld\n", what, static_cast<long long>(count));
}

void print(const std::string& source, const learn::SourceCounts& counts, const learn::SkipReport& report) {
  std::printf("%s (%s): %lld records, %lld pictures\n", source.c_str(), counts.format.c_str(),
              static_cast<long long>(counts.records), static_cast<long long>(counts.pictures));
  printNamed("objects", counts.objects);
  printNumber("difficult", counts.difficult);
  printNumber("cut at the border", report.clippedCount());
  printNamed("scenes", counts.scenes);
  printNamed("questions", counts.questions);
  printNumber("captions", counts.captions);
  printNumber("phrases", counts.phrases);
  printNumber("conversations", counts.conversations);
  const std::string summary = report.summary();
  std::printf("  %s\n", summary.empty() ? "no bad records" : ("bad: " + summary).c_str());
}

int check(const Options& options) {
  const CancelToken cancel = interruptToken();
  nlohmann::json all = nlohmann::json::array();
  bool bad = false;
  for (const learn::SourceOptions& source : sourcesOf(options.sources)) {
    learn::SkipReport report(kAny);
    learn::SourceCounts counts;
    {
      TerminalProgress progress("Checking", options.json);
      counts = learn::checkSource(
          source, options.sources.format, report, [&](const Progress& state) { progress.show(state); }, cancel);
    }
    bad = bad || report.skippedCount() > 0;
    if (options.json) {
      all.push_back(asJson(source.source.string(), counts, report));
    } else {
      tellSkipped(report, options.show);
      print(source.source.string(), counts, report);
    }
  }
  if (options.json) std::printf("%s\n", all.dump(1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  return bad ? kFailed : kDone;
}

}  // namespace

Run declareDataCheck(CLI::App& app) {
  auto options = std::make_shared<Options>();
  declareSources(app, options->sources);
  app.add_option("--show", options->show, "So many bad records are told, each on a line")->capture_default_str();
  app.add_flag("--json", options->json, "For machines");
  app.footer("Ends with 1 when there is a bad record.");
  return [options] { return check(*options); };
}

}  // namespace orthoscribe::cli
