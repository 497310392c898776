// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe data statistics: what data sets hold, as a page with pictures.
#include <cstdio>
#include <memory>
#include <string>

#include "core/base/files.h"
#include "core/cli/command.h"
#include "core/cli/data/source_arguments.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/learn/data/processing/statistics_page.h"
#include "core/learn/data/readers/readers.h"

namespace orthoscribe::cli {
namespace {

struct Options {
  SourceArguments sources;
  std::filesystem::path out;
  learn::StatisticsPageOptions page;
  std::string skipLimit = "1%";
};

int statistics(Options& options) {
  const CancelToken cancel = interruptToken();
  learn::SkipReport report(skipLimitOf(options.skipLimit));
  learn::DataStatistics counted;
  {
    TerminalProgress progress("Counting");
    for (const learn::SourceOptions& source : sourcesOf(options.sources)) {
      if (options.page.title.empty()) options.page.title = source.source.filename().string();
      const auto reader = learn::openSource(options.sources.format, source, report);
      learn::addRecords(counted, *reader, [&](const Progress& state) { progress.show(state); }, cancel);
    }
  }
  writeTextFile(options.out, learn::statisticsPage(counted, options.page, report, cancel));
  const std::string skipped = report.summary();
  std::printf("%lld samples with %zu pictures, %zu classes of objects%s: %s\n", static_cast<long long>(counted.samples()),
              counted.pictures().size(), counted.classes().size(), skipped.empty() ? "" : (", " + skipped).c_str(),
              options.out.c_str());
  return kDone;
}

}  // namespace

Run declareDataStatistics(CLI::App& app) {
  auto options = std::make_shared<Options>();
  declareSources(app, options->sources);
  app.add_option("--out", options->out, "HTML file to write; it needs nothing beside it")->required();
  app.add_option("--title", options->page.title, "Title of the page; otherwise the name of the first source");
  app.add_option("--pictures", options->page.mostPictures, "Pictures to show at most")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--skip-limit", options->skipLimit, "Bad records to pass over at most: a number, or a share like 2%")
      ->capture_default_str();
  return [options] { return statistics(*options); };
}

}  // namespace orthoscribe::cli
