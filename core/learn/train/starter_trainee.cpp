// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/starter_trainee.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/make_folders.h"
#include "core/learn/data/knowledge.h"
#include "core/learn/train/export_model.h"
#include "core/learn/train/starter_lessons.h"
#include "core/learn/train/starter_measure.h"
#include "core/learn/train/starter_tokenizer.h"
#include "core/learn/train/tower_stage.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kHeldOutTextTokens = 640;
constexpr double kLeastDrawWeight = 0.3;  // of a picture that is answered without fault, where the mean is 1

StarterShape shapeOf(const TrainConfig& config, std::int64_t vocabulary) {
  StarterShape shape;
  shape.decoder.vocabulary = vocabulary;
  shape.decoder.feedForward = config.feedForward;
  shape.decoder.experts = config.adapter.experts;
  shape.decoder.topExperts = config.adapter.topK;
  shape.decoder.rank = config.adapter.rank;
  shape.decoder.alpha = config.adapter.alpha;
  return shape;
}

std::vector<std::string> captionWords(const std::vector<Sample>& samples) {
  std::vector<std::string> captions;
  for (const Sample& sample : samples) captions.push_back(sample.caption);
  return plainWords(captions);
}

// A split that is already written down stays as it is, so that a resumed or later run never trains on what was held out.
Survey readSurvey(const TrainConfig& config, const CancelToken& cancel) {
  const fs::path path = config.output / "split.json";
  if (fs::exists(path)) {
    const Split split = readSplit(path);
    return surveyData(config.dataFolder, {.split = &split}, cancel);
  }
  Survey survey = surveyData(config.dataFolder, {}, cancel);
  writeSplit(survey.split, path);
  return survey;
}

}  // namespace

StarterTrainee::StarterTrainee(const TrainConfig& config, torch::Device device,
                               const std::function<void(const std::string&)>& report, const CancelToken& cancel)
    : config_(config),
      device_(device),
      dtype_(config.precision == "bfloat16" ? at::kBFloat16 : at::kFloat),
      report_(report),
      template_(text::chatTemplateNamed("starter")) {
  makeFolders(config.output / "training");
  survey_ = readSurvey(config, cancel);
  readKnowledge();
  report_("pictures: " + std::to_string(survey_.train.size()) + " to train, " + std::to_string(survey_.heldOut.size()) +
          " held out, " + std::to_string(survey_.split.guard.size()) + " between them unused; " +
          std::to_string(knowledge_.size()) + " closed-book questions");
  readTokenizer();
  starter_ = std::make_unique<StarterModel>(shapeOf(config, tokenizer_->size()), config.seed, device_);
  startNumbersAsWaves(starter_->store(), numberTokens(*tokenizer_), tokenizer_->idOf("<|assistant|>").value());
  packer_ = std::make_unique<LessonPacker>(*tokenizer_, *template_, starter_->shape().vision.imageTokens(), kHeldOutTextTokens);
}

StarterTrainee::~StarterTrainee() = default;

void StarterTrainee::readKnowledge() {
  const fs::path facts = config_.dataFolder / "facts";
  if (!fs::is_directory(facts)) return;
  const Knowledge knowledge = knowledgeFrom(facts);
  knowledge_ = knowledge.train;
  paraphrases_ = knowledge.paraphrase;
}

void StarterTrainee::readTokenizer() {
  if (!fs::exists(config_.output / "tokenizer.json")) {
    report_("vocabulary: " + std::to_string(trainStarterTokenizer(survey_.train, knowledge_, config_.output)) + " tokens");
  }
  tokenizer_ = text::loadTokenizer(config_.output);
}

std::unique_ptr<LessonStream> StarterTrainee::lessons(const StageConfig& stage) {
  StarterLessonOptions options;
  options.pictures = stage.batch;
  options.texts = stage.texts;
  options.preferences = stage.kind == StageKind::Preference;
  options.maxTextTokens = stage.maxTokens;
  options.seed = config_.seed;
  options.dtype = dtype_;
  options.strangers = captionWords(survey_.train);
  if (stage.kind == StageKind::Knowledge && knowledge_.empty()) {
    throw Error(ErrorCode::NotFound, (config_.dataFolder / "facts").string() + ": there are no tables of facts",
                "Put them there, or leave out the stage " + stage.name + ".");
  }
  if (stage.kind == StageKind::Refinement) options.drawWeights = drawWeights(stage);
  return std::make_unique<StarterLessons>(*starter_, survey_.train, knowledge_, *tokenizer_, options);
}

// Pictures that are answered badly are drawn more often. Written down, so that a resumed stage draws as it began.
std::vector<double> StarterTrainee::drawWeights(const StageConfig& stage) {
  const fs::path path = config_.output / "training" / (stage.name + "-draws.json");
  if (fs::exists(path)) return nlohmann::json::parse(readTextFile(path)).get<std::vector<double>>();
  std::vector<double> weights = lossesOfSamples(*starter_, survey_.train, *packer_, dtype_);
  const double mean = std::accumulate(weights.begin(), weights.end(), 0.0) / static_cast<double>(weights.size());
  for (double& weight : weights) weight = std::max(kLeastDrawWeight, weight / mean);
  writeTextFile(path, nlohmann::json(weights).dump() + "\n");
  return weights;
}

Figures StarterTrainee::evaluate(const StageConfig&) {
  Figures figures = measurePictures(*starter_, survey_.heldOut, *packer_, dtype_);
  figures.merge(measureKnowledge(*starter_, paraphrases_, *packer_, dtype_));
  return figures;
}

std::optional<bool> StarterTrainee::runItself(const StageConfig& stage, const StageFiles& files, bool resume,
                                              const StageHooks& hooks, const CancelToken& cancel) {
  if (stage.kind != StageKind::Tower) return std::nullopt;
  if (!config_.eyes.empty()) {
    if (loadWeights(config_.eyes, "tower.", starter_->store()) == 0)
      throw Error(ErrorCode::InvalidInput, config_.eyes.string() + ": holds no weights of a tower", "Name a starter's weights.");
    report_("eyes from " + config_.eyes.string());
    return true;
  }
  TowerOptions options;
  options.loop.stage = stage.name;
  options.loop.length = {stage.steps, stage.minutes};
  options.loop.accumulate = static_cast<int>(stage.accumulate);
  options.loop.checkpoint = fs::path(files.checkpoint).replace_extension(".working.safetensors");
  options.loop.resume = resume;
  options.optimizer.learningRate = stage.learningRate;
  options.optimizer.weightDecay = stage.weightDecay;
  options.optimizer.clipNorm = stage.clipNorm;
  options.optimizer.averageDecay = stage.averageDecay;
  options.seed = config_.seed;
  options.batch = static_cast<int>(stage.batch);
  options.boxShare = stage.boxShare;
  if (stage.side > 0) options.phases = {{1, static_cast<int>(stage.side), stage.mixShare}};
  options.device = device_;
  options.dtype = dtype_;
  if (trainTower(*starter_, survey_, options, hooks.report, hooks.progress, cancel).cancelled) return false;
  loadWeights(options.loop.checkpoint, "tower.", starter_->store());  // the running mean is what goes on
  return true;
}

void StarterTrainee::write(const fs::path& output) {
  exportModel(*starter_, *tokenizer_, output);
  report_("model written to " + output.string());
}

}  // namespace orthoscribe::learn
