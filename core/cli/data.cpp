// SPDX-License-Identifier: GPL-2.0-or-later
// What makes and looks after training data: one file under core/cli/data for each of its subcommands.
#include <memory>
#include <utility>
#include <vector>

#include "core/cli/command.h"

namespace orthoscribe::cli {

Run declareDataBenchmark(CLI::App& app);

namespace {

constexpr Command kDataCommands[] = {
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
