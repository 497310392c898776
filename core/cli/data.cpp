// SPDX-License-Identifier: GPL-2.0-or-later
// What makes and looks after training data: one file under core/cli/data for each of its subcommands.
#include <memory>
#include <utility>
#include <vector>

#include "core/cli/command.h"

namespace orthoscribe::cli {

Run declareDataAspects(CLI::App& app);
Run declareDataBenchmark(CLI::App& app);
Run declareDataCheck(CLI::App& app);
Run declareDataConvert(CLI::App& app);
Run declareDataFormats(CLI::App& app);
Run declareDataDedupe(CLI::App& app);
Run declareDataSplit(CLI::App& app);
Run declareDataStatistics(CLI::App& app);
Run declareDataTile(CLI::App& app);
Run declareDataZoom(CLI::App& app);

namespace {

constexpr Command kDataCommands[] = {
    {"formats", "List the formats of data sets that are read", declareDataFormats},
    {"check", "Read a data set from end to end and tell what is bad in it", declareDataCheck},
    {"convert", "Make conversations of data sets", declareDataConvert},
    {"aspects", "Cut captions into lessons for the experts of aspects", declareDataAspects},
    {"tile", "Cut labelled pictures into tiles", declareDataTile},
    {"dedupe", "List pictures that look alike", declareDataDedupe},
    {"split", "Divide conversations by their source pictures", declareDataSplit},
    {"statistics", "Show what data sets hold, as a page with pictures", declareDataStatistics},
    {"zoom", "Make conversations in which a model looks closer at large pictures", declareDataZoom},
    {"benchmark", "Make the closed-book questions from tables of facts", declareDataBenchmark},
};

}  // namespace

Run declareData(CLI::App& app) {
  app.require_subcommand(1);
  std::vector<std::pair<CLI::App*, Run>> runs;
  for (const Command& command : kDataCommands) {
    CLI::App* sub = app.add_subcommand(command.name, command.summary);
    sub->fallthrough();
    runs.emplace_back(sub, command.declare(*sub));
  }
  return [runs = std::move(runs)]() -> int {
    for (const auto& [sub, run] : runs) {
      if (sub->parsed()) return run();
    }
    return kUsage;
  };
}

}  // namespace orthoscribe::cli
