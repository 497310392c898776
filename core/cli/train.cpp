// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/base/error.h"

#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/learn/train/configured_training.h"
#include "core/learn/train/training_run.h"

namespace orthoscribe::cli {
namespace {

struct ConfiguredOptions {
  std::filesystem::path config;
  std::filesystem::path output;
  std::vector<std::string> overrides;
};

void say(const std::string& line) {
  std::printf("%s\n", line.c_str());
  std::fflush(stdout);
}

int sayCancelled() {
  say("cancelled; go on with --resume");
  return kCancelled;
}

int trainByConfig(const ConfiguredOptions& options, bool resume) {
  const CancelToken cancel = interruptToken();
  learn::TrainConfig config = learn::readTrainConfig(options.config, options.overrides);
  if (!options.output.empty()) config.output = options.output;
  // One for each stage, since the time left is told by its pace.
  std::optional<TerminalProgress> progress;
  learn::StageHooks hooks;
  hooks.begin = [&](const learn::StageConfig&) { progress.emplace("Training"); };
  hooks.report = say;
  hooks.progress = [&](const Progress& state) { progress->show(state); };
  if (!learn::trainConfigured(config, resume, hooks, cancel)) return sayCancelled();
  say("written to " + config.output.string());
  return kDone;
}

int train(const learn::TrainingOptions& options) {
  const CancelToken cancel = interruptToken();
  TerminalProgress progress("Training");
  learn::TrainingHooks hooks;
  hooks.report = say;
  hooks.progress = [&](const Progress& state) { progress.show(state); };
  if (learn::trainStarter(options, hooks, cancel)) return kDone;
  return sayCancelled();
}

}  // namespace

Run declareTrain(CLI::App& app) {
  auto options = std::make_shared<learn::TrainingOptions>();
  auto configured = std::make_shared<ConfiguredOptions>();
  app.add_option("config", configured->config, "Configuration (YAML): model, data, adapter and stages")->check(CLI::ExistingFile);
  app.add_option("--output", configured->output, "Folder to write, instead of the configuration's");
  app.add_option("--set", configured->overrides, "Value in place of the configuration's, as stages.0.steps=100")
      ->type_name("KEY=VALUE")
      ->allow_extra_args(false);
  app.add_option("--data", options->data, "Without a configuration: folder with scenes/, objects/ and captions/");
  app.add_option("--out", options->out,
                 "Without a configuration: model folder to write; checkpoints lie in its folder training/");
  app.add_option("--stage", options->stage, "What to train")
      ->check(CLI::IsMember({"tower", "decoder", "all"}))
      ->capture_default_str();
  app.add_option("--minutes", options->minutes, "Length of the run by the clock")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--steps", options->steps, "Length of each stage in steps, instead of minutes; repeats exactly")
      ->check(CLI::PositiveNumber);
  app.add_option("--batch", options->batch, "Pictures in a micro-batch")->check(CLI::Range(1, 4096))->capture_default_str();
  app.add_option("--accumulate", options->accumulate, "Micro-batches a step")->check(CLI::Range(1, 4096))->capture_default_str();
  app.add_option("--tower-rate", options->towerRate, "Highest learning rate of the tower")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--decoder-rate", options->decoderRate, "Highest learning rate of the decoder")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--seed", options->seed, "Of weights and data")->capture_default_str();
  app.add_option("--threads", options->threads, "0: all cores")->check(CLI::NonNegativeNumber)->capture_default_str();
  app.add_option("--device", options->device, "auto, cpu or cuda")
      ->check(CLI::IsMember({"auto", "cpu", "cuda"}))
      ->capture_default_str();
  app.add_option("--tower-from", options->towerFrom, "Checkpoint or weights to begin the tower with")->check(CLI::ExistingFile);
  app.add_option("--decoder-from", options->decoderFrom, "Checkpoint or weights to begin the decoder with")
      ->check(CLI::ExistingFile);
  app.add_flag("--resume", options->resume, "Go on from the last checkpoint in --out");
  return [options, configured] {
    if (!configured->config.empty()) return trainByConfig(*configured, options->resume);
    if (options->data.empty() || options->out.empty())
      throw Error(ErrorCode::InvalidInput, "train was told neither a configuration nor --data and --out",
                  "give a YAML file, for example: orthoscribe train run.yaml");
    return train(*options);
  };
}

}  // namespace orthoscribe::cli
