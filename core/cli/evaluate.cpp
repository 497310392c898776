// SPDX-License-Identifier: GPL-2.0-or-later
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/cli/command.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/engine/local_model.h"
#include "core/learn/data/survey.h"
#include "core/learn/evaluate/exam_text.h"

namespace orthoscribe::cli {
namespace {

struct Options {
  std::string model = "starter";
  std::filesystem::path data;
  std::filesystem::path split;
  std::string precision = "auto";
  std::string device = "auto";
  bool everything = false;
  bool json = false;
  learn::ExamOptions exam;
};

// The pictures that the model must not have seen: those its own split holds out, unless another split is given.
learn::Survey pictures(const Options& options, const std::filesystem::path& model, const CancelToken& cancel) {
  learn::Split split;
  if (!options.everything) {
    const std::filesystem::path path = options.split.empty() ? model / "split.json" : options.split;
    if (!std::filesystem::exists(path)) {
      throw Error(ErrorCode::NotFound, path.string() + ": the split is missing",
                  "Give one with --split, or --all to take every picture of the folder.");
    }
    split = learn::readSplit(path);
  }
  learn::Survey survey =
      learn::surveyData(options.data, {.split = &split, .train = options.everything, .heldOut = !options.everything}, cancel);
  if (options.everything) {
    std::erase_if(survey.train, [](const learn::Sample& sample) { return !sample.scene; });
    survey.heldOut = std::move(survey.train);
  }
  return survey;
}

int evaluate(const Options& options) {
  const CancelToken cancel = interruptToken();
  const std::filesystem::path folder = findModelDirectory(options.model);
  const learn::Survey survey = pictures(options, folder, cancel);
  if (survey.heldOut.empty())
    throw Error(ErrorCode::InvalidInput, options.data.string() + ": holds none of the split's pictures");
  const auto model =
      engine::loadLocalModel({.model = folder, .adapters = {}, .device = options.device, .precision = options.precision});
  TerminalProgress progress("Evaluating", options.json);
  const learn::ExamResult result =
      learn::examine(*model, survey.heldOut, options.exam, [&](const Progress& state) { progress.show(state); }, cancel);
  if (options.json) {
    std::printf("%s\n", learn::examJson(result).dump(1).c_str());
  } else {
    std::printf("%zu pictures\n\n%s", survey.heldOut.size(), learn::examTable(result).c_str());
  }
  return kDone;
}

}  // namespace

Run declareEvaluate(CLI::App& app) {
  auto options = std::make_shared<Options>();
  app.add_option("--model", options->model, "Model folder, or the name of an installed model")->capture_default_str();
  app.add_option("--data", options->data, "Folder with scenes/, objects/ and captions/")
      ->required()
      ->check(CLI::ExistingDirectory);
  app.add_option("--split", options->split, "Split whose held-out pictures are used; the model's own otherwise");
  app.add_flag("--all", options->everything, "Every picture of the folder, for data the model has never seen");
  app.add_option("--precision", options->precision, "auto, float32 or bfloat16")->capture_default_str();
  app.add_option("--device", options->device, "auto, cpu or cuda")->capture_default_str();
  app.add_flag_callback("--no-scenes", [options] { options->exam.scenes = false; }, "Leave scene classes out");
  app.add_flag_callback(
      "--no-questions", [options] { options->exam.questions = false; }, "Leave yes/no questions and counts out");
  app.add_flag_callback("--no-boxes", [options] { options->exam.boxes = false; }, "Leave detection out");
  app.add_flag("--json", options->json, "For machines");
  return [options] { return evaluate(*options); };
}

}  // namespace orthoscribe::cli
