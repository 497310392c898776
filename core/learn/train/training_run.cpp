// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/training_run.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>

#include <memory>

#include "core/base/error.h"
#include "core/learn/data/survey.h"
#include "core/learn/train/decoder_stage.h"
#include "core/learn/train/export_model.h"
#include "core/learn/train/starter_tokenizer.h"
#include "core/learn/train/tower_stage.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

constexpr double kTowerShareOfTime = 0.55;
constexpr double kDecoderWeightDecay = 0.02;
constexpr double kDecoderClipNorm = 1.0;

torch::Device deviceNamed(const std::string& name) {
  if (name == "cpu" || (name == "auto" && !at::hasCUDA())) return torch::kCPU;
  if ((name == "cuda" || name == "auto") && at::hasCUDA()) return torch::kCUDA;
  throw Error(ErrorCode::InvalidInput, "device \"" + name + "\" is not to be had",
              "Use cpu, or cuda on a machine whose libtorch has it.");
}

class TrainingRun {
 public:
  TrainingRun(const TrainingOptions& options, const TrainingHooks& hooks, const CancelToken& cancel)
      : options_(options), hooks_(hooks), cancel_(cancel), device_(deviceNamed(options.device)) {
    if (options.stage != "tower" && options.stage != "decoder" && options.stage != "all") {
      throw Error(ErrorCode::InvalidInput, "stage \"" + options.stage + "\" is unknown", "Known are tower, decoder, all.");
    }
    if (options.batch < 1 || options.accumulate < 1)
      throw Error(ErrorCode::InvalidInput, "--batch and --accumulate must be at least 1");
    if (options.threads > 0) at::set_num_threads(options.threads);
    fs::create_directories(checkpointFolder());
    survey_ = readData();
    report("pictures: " + std::to_string(survey_.train.size()) + " to train, " + std::to_string(survey_.heldOut.size()) +
           " held out, " + std::to_string(survey_.split.guard.size()) + " between them unused");
    tokenizer_ = readTokenizer();
    StarterShape shape;
    shape.decoder.vocabulary = tokenizer_->size();
    starter_ = std::make_unique<StarterModel>(shape, options.seed, device_);
    startNumbersAsWaves(starter_->store(), numberTokens(*tokenizer_), tokenizer_->idOf("<|assistant|>").value());
    load(options.towerFrom, {"tower."});
    load(options.decoderFrom, {"projector.", "model.", "copy.", kAdapterPrefix});
  }

  bool run() {
    if (options_.stage != "decoder" && !runTower()) return false;
    if (options_.stage != "tower") {
      if (options_.towerFrom.empty()) load(checkpointOf("tower"), {"tower."});
      return runDecoder();
    }
    return true;
  }

 private:
  fs::path checkpointFolder() const { return options_.out / "training"; }
  fs::path checkpointOf(const std::string& stage) const { return checkpointFolder() / (stage + ".safetensors"); }

  void report(const std::string& line) const {
    if (hooks_.report) hooks_.report(line);
  }

  // A split that is already written down stays as it is, so that a resumed or later run never trains on what was held out.
  Survey readData() const {
    const fs::path path = options_.out / "split.json";
    if (fs::exists(path)) {
      const Split split = readSplit(path);
      return surveyData(options_.data, {.split = &split}, cancel_);
    }
    Survey survey = surveyData(options_.data, {}, cancel_);
    writeSplit(survey.split, path);
    return survey;
  }

  std::unique_ptr<text::Tokenizer> readTokenizer() const {
    if (!fs::exists(options_.out / "tokenizer.json")) {
      report("vocabulary: " + std::to_string(trainStarterTokenizer(survey_.train, options_.out)) + " tokens");
    }
    return text::loadTokenizer(options_.out);
  }

  void load(const fs::path& path, const std::vector<std::string>& prefixes) {
    if (path.empty()) return;
    int found = 0;
    for (const std::string& prefix : prefixes) found += loadWeights(path, prefix, starter_->store());
    if (found == 0) throw Error(ErrorCode::InvalidInput, path.string() + ": holds no weights of this part of the model");
    report("weights: " + std::to_string(found) + " tensors from " + path.string());
  }

  StageOptions stageOptions(const std::string& stage, double shareOfTime, double rate) const {
    StageOptions stageOptions;
    stageOptions.loop.stage = stage;
    stageOptions.loop.length = {options_.steps, options_.stage == "all" ? options_.minutes * shareOfTime : options_.minutes};
    stageOptions.loop.accumulate = options_.accumulate;
    stageOptions.loop.checkpoint = checkpointOf(stage);
    stageOptions.loop.resume = options_.resume;
    stageOptions.optimizer.learningRate = rate;
    stageOptions.seed = options_.seed;
    stageOptions.batch = options_.batch;
    stageOptions.device = device_;
    return stageOptions;
  }

  bool runTower() {
    const StageOptions stage = stageOptions("tower", kTowerShareOfTime, options_.towerRate);
    return !trainTower(*starter_, survey_, stage, hooks_.report, hooks_.progress, cancel_).cancelled;
  }

  bool runDecoder() {
    StageOptions stage = stageOptions("decoder", 1 - kTowerShareOfTime, options_.decoderRate);
    stage.optimizer.weightDecay = kDecoderWeightDecay;
    stage.optimizer.clipNorm = kDecoderClipNorm;
    const bool whole = !trainDecoder(*starter_, survey_, *tokenizer_, stage, hooks_.report, hooks_.progress, cancel_).cancelled;
    if (!whole) return false;
    // The running mean is what was measured, and what is shipped.
    for (const char* prefix : {"tower.", "projector.", "model.", "copy.", kAdapterPrefix})
      loadWeights(checkpointOf("decoder"), prefix, starter_->store());
    exportModel(*starter_, *tokenizer_, options_.out);
    report("model written to " + options_.out.string());
    return true;
  }

  const TrainingOptions& options_;
  const TrainingHooks& hooks_;
  const CancelToken& cancel_;
  torch::Device device_;
  Survey survey_;
  std::unique_ptr<text::Tokenizer> tokenizer_;
  std::unique_ptr<StarterModel> starter_;
};

}  // namespace

bool trainStarter(const TrainingOptions& options, const TrainingHooks& hooks, const CancelToken& cancel) {
  return TrainingRun(options, hooks, cancel).run();
}

}  // namespace orthoscribe::learn
