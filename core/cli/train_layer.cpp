// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/train_layer.h"

#include <cmath>
#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>
#include <vector>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/learn/layer_training/expert_card.h"
#include "core/learn/layer_training/layer_training.h"

namespace orthoscribe::cli {
namespace {

using Json = nlohmann::ordered_json;

struct Options {
  learn::LayerTrainingOptions training;
  std::string model;
  bool json = false;
};

void printLine(const Json& line) {
  std::printf("%s\n", line.dump(-1, ' ', false, Json::error_handler_t::replace).c_str());
  std::fflush(stdout);
}

Json stateJson(const learn::LayerTrainingState& state) {
  Json line = {{"progress", state.done}, {"message", state.message}};
  if (state.loss) line["loss"] = *state.loss;
  if (state.secondsLeft) line["secondsLeft"] = *state.secondsLeft;
  return line;
}

Json resultJson(const learn::LayerTrainingResult& result) {
  return {
      {"progress", 1.0},
      {"message", "Done"},
      {"loss", result.loss},
      {"result",
       {{"steps", result.steps}, {"before", learn::figuresJson(result.before)}, {"after", learn::figuresJson(result.after)}}}};
}

void printResult(const learn::LayerTrainingResult& result, const std::string& output) {
  for (const auto& [name, after] : result.after) {
    const auto found = result.before.find(name);
    const learn::ClassFigures before = found == result.before.end() ? learn::ClassFigures{} : found->second;
    std::printf("held out, %s (%d objects): AP %.3f -> %.3f, precision %.3f -> %.3f, recall %.3f -> %.3f\n", name.c_str(),
                after.truths, before.averagePrecision, after.averagePrecision, before.precision(), after.precision(),
                before.recall(), after.recall());
  }
  std::printf("the expert is in %s\n", output.c_str());
}

int trainLayer(const Options& options) {
  const CancelToken cancel = interruptToken();
  learn::LayerTrainingOptions training = options.training;
  training.model = findModelDirectory(options.model);
  TerminalProgress progress("Training", options.json);
  const auto report = [&](const learn::LayerTrainingState& state) {
    if (options.json) printLine(stateJson(state));
    progress.show({std::llround(state.done * 100), 100, "percent",
                   state.message + (state.loss ? ", loss " + std::to_string(*state.loss) : std::string())});
  };
  const learn::LayerTrainingResult result = learn::trainFromLayer(training, report, cancel);
  if (result.cancelled) throw Error(ErrorCode::Cancelled, "cancelled");
  if (options.json) {
    printLine(resultJson(result));
  } else {
    printResult(result, training.output.string());
  }
  return kDone;
}

// Options that the other ways of training demand, demanded no longer.
std::vector<CLI::Option*> freed(CLI::App& app) {
  std::vector<CLI::Option*> needed;
  for (CLI::Option* option : app.get_options([](const CLI::Option* one) { return one->get_required(); })) {
    option->required(false);
    needed.push_back(option);
  }
  return needed;
}

bool allGiven(const std::vector<CLI::Option*>& needed) {
  for (const CLI::Option* option : needed) {
    if (option->count() > 0) continue;
    std::fprintf(stderr, "orthoscribe: %s is required, or --raster to train from a layer\n", option->get_name().c_str());
    return false;
  }
  return true;
}

}  // namespace

Run withLayerTraining(CLI::App& app, Run other) {
  const auto options = std::make_shared<Options>();
  learn::LayerTrainingOptions& training = options->training;
  const std::vector<CLI::Option*> needed = freed(app);
  const std::string group = "An expert from one's own layer";
  CLI::Option* raster = app.add_option("--raster", training.raster, "Raster to learn on")->group(group);
  const auto add = [&](const std::string& name, auto& value, const std::string& text) {
    return app.add_option(name, value, text)->group(group)->needs(raster);
  };
  CLI::Option* labels = add("--labels", training.labels.path, "Polygons of the objects, FILE or FILE|LAYER");
  raster->needs(labels, app.get_option("--output"));
  add("--label-field", training.labels.labelField, "Field that names the class of each polygon");
  add("--label", training.labels.label, "Class of all polygons, or of those whose field is empty");
  add("--as", training.labels.asClass, "Class of the model that stands for all labels");
  add("--status-field", training.labels.statusField, "Field with accepted, corrected or rejected; empty means accepted");
  add("--model", options->model, "Starter to train an expert for (default: the one that comes with the program)");
  add("--held-out", training.heldOut, "Share of the labelled area that is kept for the test")
      ->check(CLI::Range(0.01, 0.5))
      ->capture_default_str();
  add("--rank", training.rank, "Of the low-rank updates")->check(CLI::Range(1, 64))->capture_default_str();
  add("--steps", training.steps, "Length of the training in steps")->check(CLI::PositiveNumber);
  add("--minutes", training.minutes, "Length of the training by the clock")->check(CLI::PositiveNumber);
  add("--seed", training.seed, "Of the updates' first values and of what is drawn")->capture_default_str();
  add("--threads", training.threads, "0: all cores")->check(CLI::NonNegativeNumber)->capture_default_str();
  add("--device", training.device, "auto, cpu or cuda")->check(CLI::IsMember({"auto", "cpu", "cuda"}))->capture_default_str();
  app.add_flag("--json", options->json, "Progress and result as lines of JSON")->group(group)->needs(raster);
  return [&app, raster, needed, options, other = std::move(other)] {
    if (raster->count() == 0) return allGiven(needed) ? other() : kUsage;
    learn::LayerTrainingOptions& chosen = options->training;
    chosen.output = app.get_option("--output")->as<std::string>();
    chosen.resume = app.count("--resume") > 0;
    return trainLayer(*options);
  };
}

}  // namespace orthoscribe::cli
