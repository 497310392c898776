// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/cli/train_layer.h"
#include "core/learn/train/configured_training.h"

namespace orthoscribe::cli {
namespace {

struct TrainArguments {
  std::filesystem::path config;
  std::filesystem::path output;
  std::vector<std::string> changes;
  bool resume = false;
};

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

int train(const TrainArguments& arguments) {
  const CancelToken cancel = interruptToken();
  learn::TrainConfig config = learn::readTrainConfig(arguments.config, arguments.changes);
  if (!arguments.output.empty()) config.output = arguments.output;
  // One for each stage, since the time left is told by its pace.
  std::optional<TerminalProgress> progress;
  learn::StageHooks hooks;
  hooks.begin = [&](const learn::StageConfig&) { progress.emplace("Training"); };
  hooks.report = say;
  hooks.progress = [&](const Progress& state) { progress->show(state); };
  if (!learn::trainConfigured(config, arguments.resume, hooks, cancel)) {
    say("cancelled; go on with --resume");
    return kCancelled;
  }
  say("written to " + config.output.string());
  return kDone;
}

}  // namespace

Run declareTrain(CLI::App& app) {
  auto arguments = std::make_shared<TrainArguments>();
  app.add_option("config", arguments->config, "YAML file: model, data, adapter, stages")->required()->check(CLI::ExistingFile);
  app.add_option("--output", arguments->output, "Folder to write, in place of the file's; with --raster the adapter's folder");
  app.add_option("--set", arguments->changes, "KEY=VALUE in place of what the file says, \"stages.0.steps=20\"")
      ->allow_extra_args(false);
  app.add_flag("--resume", arguments->resume, "Go on from the checkpoints in the output folder");
  return withLayerTraining(app, [arguments] { return train(*arguments); });
}

}  // namespace orthoscribe::cli
