// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <memory>
#include <string>

#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/cli/train_layer.h"
#include "core/learn/train/training_run.h"

namespace orthoscribe::cli {
namespace {

int train(const learn::TrainingOptions& options) {
  const CancelToken cancel = interruptToken();
  TerminalProgress progress("Training");
  learn::TrainingHooks hooks;
  hooks.report = [](const std::string& line) {
    std::printf("%s\n", line.c_str());
    std::fflush(stdout);
  };
  hooks.progress = [&](const Progress& state) { progress.show(state); };
  if (learn::trainStarter(options, hooks, cancel)) return kDone;
  std::printf("cancelled; go on with --resume\n");
  return kCancelled;
}

}  // namespace

Run declareTrain(CLI::App& app) {
  auto options = std::make_shared<learn::TrainingOptions>();
  app.add_option("--data", options->data, "Folder with scenes/, objects/ and captions/")->required();
  app.add_option("--out", options->out, "Model folder to write; checkpoints lie in its folder training/")->required();
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
  return withLayerTraining(app, [options] { return train(*options); });
}

}  // namespace orthoscribe::cli
