// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <memory>
#include <string>
#include <vector>

#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/learn/train/starter_trainee.h"

namespace orthoscribe::cli {
namespace {

struct TrainArguments {
  std::string config;
  std::vector<std::string> changes;
  bool resume = false;
};

int train(const TrainArguments& arguments) {
  const learn::TrainConfig config = learn::readTrainConfig(arguments.config, arguments.changes);
  const CancelToken cancel = interruptToken();
  TerminalProgress progress("Training");
  learn::StageHooks hooks;
  hooks.report = [](const std::string& line) {
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
  };
  hooks.progress = [&](const Progress& state) { progress.show(state); };
  learn::StarterTrainee trainee(config, hooks.report, cancel);
  if (learn::runStages(config, trainee, learn::RankGroup(), arguments.resume, hooks, cancel)) return kDone;
  std::printf("cancelled; go on with --resume\n");
  return kCancelled;
}

}  // namespace

Run declareTrain(CLI::App& app) {
  auto arguments = std::make_shared<TrainArguments>();
  app.add_option("config", arguments->config, "YAML file: model, data, stages")->required()->check(CLI::ExistingFile);
  app.add_option("--set", arguments->changes, "KEY=VALUE in place of what the file says, \"stages.0.steps=20\"");
  app.add_flag("--resume", arguments->resume, "Go on from the checkpoints in the output folder");
  return [arguments] { return train(*arguments); };
}

}  // namespace orthoscribe::cli
