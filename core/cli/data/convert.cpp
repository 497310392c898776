// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe data convert: data sets as conversations in the words of one dialect.
#include <charconv>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/cli/command.h"
#include "core/cli/data/source_arguments.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/learn/data/convert/convert_sources.h"

namespace orthoscribe::cli {
namespace {

constexpr std::size_t kToldBad = 20;

struct Options {
  SourceArguments sources;
  std::string pixels;
  std::string boxes = "written";
  std::string groundShape;
  std::string captions = "each";
  std::string skipLimit;
  std::filesystem::path out;
  learn::ConversionOptions conversion;
  bool json = false;
};

std::optional<ResizeLimits> limitsOf(const std::string& text) {
  if (text.empty()) return std::nullopt;
  if (const std::optional<ResizeLimits> limits = learn::writtenLimitsIn(text)) return limits;
  throw Error(ErrorCode::InvalidInput, "--pixels " + text + " is neither 'own' nor MIN,MAX", "For example 50176,1016064.");
}

learn::ConversionOptions conversionOf(const Options& options) {
  learn::ConversionOptions conversion = options.conversion;
  conversion.pixels = limitsOf(options.pixels);
  conversion.everyCaption = options.captions == "each";
  if (options.boxes == "percent") conversion.spokenUnit = learn::SpokenUnit::Percent;
  if (!options.groundShape.empty())
    conversion.groundShape = options.groundShape == "upright" ? tasks::BoxShape::Upright : tasks::BoxShape::Turned;
  return conversion;
}

void print(const Options& options, const learn::ConversionCounts& counts, const learn::SkipReport& report) {
  tellSkipped(report, kToldBad);
  std::printf("%lld conversations from %lld records: %s\n", static_cast<long long>(counts.total()),
              static_cast<long long>(counts.records), options.out.c_str());
  for (const auto& [task, count] : counts.conversations)
    std::printf("  %-14s %lld\n", task.c_str(), static_cast<long long>(count));
  if (report.clippedCount() > 0)
    std::printf("  %lld objects were cut at the border\n", static_cast<long long>(report.clippedCount()));
  if (const std::string summary = report.summary(); !summary.empty()) std::printf("  %s\n", summary.c_str());
}

int convert(const Options& options) {
  const CancelToken cancel = interruptToken();
  learn::SkipReport report(options.skipLimit.empty() ? learn::SkipLimit{} : skipLimitOf(options.skipLimit));
  const std::vector<learn::SourceOptions> sources = sourcesOf(options.sources);
  learn::ConversionCounts counts;
  {
    TerminalProgress progress("Converting", options.json);
    counts = learn::convertSources(
        sources, options.sources.format, conversionOf(options), options.out, report,
        [&](const Progress& state) { progress.show(state); }, cancel);
  }
  if (options.json) {
    const nlohmann::json result = {{"out", options.out.string()},
                                   {"records", counts.records},
                                   {"conversations", counts.conversations},
                                   {"bad", skippedJson(report)}};
    std::printf("%s\n", result.dump(1, ' ', false, nlohmann::json::error_handler_t::replace).c_str());
  } else {
    print(options, counts, report);
  }
  return kDone;
}

}  // namespace

Run declareDataConvert(CLI::App& app) {
  auto options = std::make_shared<Options>();
  declareSources(app, options->sources);
  app.add_option("--dialect", options->conversion.dialect, "How the model to be trained speaks of boxes")->required();
  app.add_option("--out", options->out, "File of conversations to write (.jsonl)")->required();
  app.add_option("--pixels", options->pixels,
                 "Size at which boxes are counted: MIN,MAX pixels after resizing, or 'own'; otherwise the dialect's");
  app.add_option("--boxes", options->boxes, "Boxes of ready conversations: as written, or in percent of the picture")
      ->check(CLI::IsMember({"written", "percent"}))
      ->capture_default_str();
  app.add_option("--ground-shape", options->groundShape, "Boxes for phrases, where the dialect has both shapes")
      ->check(CLI::IsMember({"upright", "turned"}));
  app.add_option("--captions", options->captions, "A conversation for each caption of a picture, or for the first")
      ->check(CLI::IsMember({"each", "first"}))
      ->capture_default_str();
  app.add_option("--absent", options->conversion.absentClasses,
                 "Classes that a picture does not show and is asked for, in dialects of one class a question")
      ->check(CLI::Range(0, 1000))
      ->capture_default_str();
  app.add_option("--question-suffix", options->conversion.questionSuffix, "Text behind every question about a picture");
  app.add_option("--skip-limit", options->skipLimit,
                 "Bad records to pass over: a number, or a share like 2%; otherwise 1% and at least 20");
  app.add_flag("--json", options->json, "For machines");
  return [options] { return convert(*options); };
}

}  // namespace orthoscribe::cli
