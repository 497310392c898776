// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/train_config.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <set>

#include "core/base/error.h"
#include "core/learn/data/convert/converter.h"
#include "core/learn/data/loading/data_mix.h"
#include "core/learn/train/losses/loss_list.h"
#include "core/learn/train/yaml_fields.h"

namespace orthoscribe::learn {
namespace {

constexpr std::int64_t kTowerStride = 32;

const std::vector<std::pair<std::string, StageKind>>& kinds() {
  static const std::vector<std::pair<std::string, StageKind>> names = {{"knowledge", StageKind::Knowledge},
                                                                       {"tasks", StageKind::Tasks},
                                                                       {"preference", StageKind::Preference},
                                                                       {"refinement", StageKind::Refinement},
                                                                       {"tower", StageKind::Tower}};
  return names;
}

const std::vector<std::pair<std::string, Curve>>& curves() {
  static const std::vector<std::pair<std::string, Curve>> names = {
      {"constant", Curve::Constant}, {"linear", Curve::Linear}, {"cosine", Curve::Cosine}};
  return names;
}

LossTerm readLoss(YamlFields& losses, const std::string& name) {
  LossTerm term{.name = name};
  constexpr NumberRange kAny = {.least = -1e18};
  const YAML::Node value = losses.node(name);
  if (value.IsScalar()) {
    losses.read(name, term.weight, kAny);
    return term;
  }
  YamlFields fields = losses.fields(name);
  fields.read("weight", term.weight, kAny);
  fields.read("schedule", term.schedule, curves());
  fields.read("from", term.from, kAny);
  fields.read("to", term.to, kAny);
  fields.finish();
  return term;
}

void readLosses(YamlFields& stage, StageConfig& config) {
  const YAML::Node node = stage.node("losses");
  YamlFields losses = stage.fields("losses");
  if (node.IsDefined()) {
    std::set<std::string> known;
    for (const Loss& loss : lossList()) known.insert(loss.name);
    for (const auto& entry : node) {
      const std::string name = entry.first.Scalar();
      if (known.contains(name)) config.losses.push_back(readLoss(losses, name));
    }
    // For the message about those that are not.
    for (const std::string& name : known) losses.node(name);
    losses.finish();
  }
  if (config.losses.empty()) config.losses.push_back({.name = config.kind == StageKind::Preference ? "mpo" : "cross_entropy"});
}

void readLength(YamlFields& stage, StageConfig& config) {
  stage.read("steps", config.steps, kCount);
  stage.read("epochs", config.epochs, kAboveZero);
  stage.read("minutes", config.minutes, kAboveZero);
  const int given = (config.steps > 0 ? 1 : 0) + (config.epochs > 0 ? 1 : 0) + (config.minutes > 0 ? 1 : 0);
  if (given != 1) stage.wrong("steps", given == 0 ? "is missing" : "is not the only length", "give steps, epochs or minutes");
}

const std::vector<std::pair<std::string, ResizeRule>>& resizeRules() {
  static const std::vector<std::pair<std::string, ResizeRule>> names = {{"true_area", ResizeRule::TrueArea},
                                                                        {"ratio_on_sides", ResizeRule::RatioOnSides}};
  return names;
}

std::vector<std::pair<std::string, std::string>> dialects() {
  std::vector<std::pair<std::string, std::string>> names;
  for (const std::string_view name : tasks::dialectNames()) names.emplace_back(name, name);
  return names;
}

// Only an adapter on another family than the starter is taught by conversations as they are loaded here.
void readLoading(YamlFields& stage, StageConfig& config, bool loadsConversations) {
  for (const char* key : {"turn_share", "resize_share", "resize_rule", "dialect", "skip_limit"}) {
    if (!loadsConversations && stage.has(key))
      stage.wrong(key, "is set, but neither the starter nor experts for aspects are taught this way", "leave it out");
  }
  stage.read("turn_share", config.turnShare, kShare);
  stage.read("resize_share", config.resizeShare, kShare);
  stage.read("resize_rule", config.resizeRule, resizeRules());
  stage.read("dialect", config.dialect, dialects());
  std::string limit;
  stage.read("skip_limit", limit);
  if (!stage.has("skip_limit")) return;
  const std::optional<SkipLimit> skip = skipLimitIn(limit);
  if (!skip) stage.wrong("skip_limit", "is '" + limit + "'", "give a number of samples, or a share like 2%");
  config.skip = *skip;
}

StageConfig readStage(YamlFields stage, bool loadsConversations) {
  StageConfig config;
  stage.read("name", config.name);
  if (!stage.has("kind")) stage.wrong("kind", "is missing", "give knowledge, tasks, preference, refinement or tower");
  stage.read("kind", config.kind, kinds());
  if (config.name.empty()) config.name = stageKindName(config.kind);
  if (config.name.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-") != std::string::npos)
    stage.wrong("name", "is '" + config.name + "', which is no name for a file", "use letters, digits, - and _");
  stage.read("data", config.data);
  readLoading(stage, config, loadsConversations);
  stage.read("trains", config.trains);
  if (config.trains.empty()) config.trains = {"all"};
  stage.read("learning_rate", config.learningRate, kAboveZero);
  stage.read("learning_rates", config.learningRates, kAboveZero);
  stage.read("schedule", config.schedule, curves());
  stage.read("warm_up", config.warmUp, kShare);
  stage.read("beta1", config.beta1, {.least = 0, .most = 0.999999});
  stage.read("beta2", config.beta2, {.least = 0, .most = 0.999999});
  stage.read("weight_decay", config.weightDecay, kShare);
  stage.read("clip_norm", config.clipNorm, kAboveZero);
  stage.read("average_decay", config.averageDecay, {.least = 0, .most = 0.999999});
  stage.read("batch", config.batch, {.least = 1, .most = 65536});
  stage.read("accumulate", config.accumulate, {.least = 1, .most = 65536});
  readLength(stage, config);
  stage.read("max_tokens", config.maxTokens, {.least = 8});
  stage.read("texts", config.texts);
  stage.read("side", config.side, {.least = 0, .most = 4096});
  if (config.side % kTowerStride != 0)
    stage.wrong("side", "is no multiple of " + std::to_string(kTowerStride), "the tower's coarsest cells are that wide");
  stage.read("mix_share", config.mixShare, kShare);
  stage.read("box_share", config.boxShare, kShare);
  stage.read("packing", config.packing);
  stage.read("beta", config.beta, kAboveZero);
  stage.read("label_smoothing", config.labelSmoothing, {.least = 0, .most = 0.5});
  stage.read("save_every", config.saveEvery, kCount);
  stage.read("log_every", config.logEvery, kCount);
  stage.read("evaluate_every", config.evaluateEvery);
  readLosses(stage, config);
  stage.finish();
  return config;
}

AdapterPlan readAdapter(YamlFields fields) {
  AdapterPlan plan;
  fields.read("kind", plan.kind,
              std::vector<std::pair<std::string, std::string>>{
                  {"mole", "mole"}, {"lora", "lora"}, {"none", "none"}, {"aspects", "aspects"}});
  fields.read("experts", plan.experts, {.least = 1, .most = 1024});
  fields.read("top_k", plan.topK, {.least = 1, .most = 1024});
  if (plan.kind == "mole" && plan.topK > plan.experts) fields.wrong("top_k", "is larger than experts");
  fields.read("rank", plan.rank, {.least = 1, .most = 4096});
  plan.alpha = 2 * static_cast<double>(plan.rank);
  fields.read("alpha", plan.alpha, kAboveZero);
  fields.read("dropout", plan.dropout, {.least = 0, .most = 0.9});
  fields.read("targets", plan.targets);
  fields.read("router", plan.routerOfBlock, std::vector<std::pair<std::string, bool>>{{"linear", false}, {"block", true}});
  fields.read("router_input", plan.routerInput,
              std::vector<std::pair<std::string, model::RouterInput>>{{"layer", model::RouterInput::Layer},
                                                                      {"token", model::RouterInput::Tokens},
                                                                      {"instruction", model::RouterInput::Instruction}});
  if (plan.routerInput != model::RouterInput::Layer && !plan.routerOfBlock)
    fields.wrong("router_input", "needs a router for each block", "set router to block");
  fields.read("from", plan.from);
  fields.read("shared_expert", plan.sharedExpert);
  fields.read("shared_rank", plan.sharedRank, kCount);
  fields.read("shared_alpha", plan.sharedAlpha, kAboveZero);
  if (plan.kind != "mole" && plan.sharedExpert) fields.wrong("shared_expert", "is set, but only a mole has experts");
  if (plan.kind == "none") plan.experts = 0;
  fields.finish();
  return plan;
}

// "own", "MIN,MAX" or [MIN, MAX].
void readPixels(YamlFields& fields, Dataset& dataset) {
  std::vector<std::string> parts;
  fields.read("pixels", parts);
  if (parts.empty()) return;
  std::string text = parts.front();
  for (std::size_t part = 1; part < parts.size(); ++part) text += "," + parts[part];
  dataset.written = writtenLimitsIn(text);
  if (!dataset.written) fields.wrong("pixels", "is '" + text + "'", "give own, or the least and the most: [50176, 1016064]");
}

// A folder laid out as the starter reads it, or {name: file} or {name: {file: .., images: .., pixels: ..}}.
void readData(YamlFields& top, TrainConfig& config) {
  const YAML::Node node = top.node("data");
  if (!node.IsDefined()) return;
  if (node.IsScalar()) return top.read("data", config.dataFolder);
  YamlFields sets = top.fields("data");
  for (const auto& entry : node) {
    Dataset dataset;
    dataset.name = entry.first.Scalar();
    if (entry.second.IsScalar()) {
      sets.read(dataset.name, dataset.file);
    } else {
      YamlFields fields = sets.fields(dataset.name);
      fields.read("file", dataset.file);
      fields.read("images", dataset.imageRoot);
      readPixels(fields, dataset);
      if (dataset.file.empty()) fields.wrong("file", "is missing", "give the file of conversations");
      fields.finish();
    }
    if (dataset.imageRoot.empty()) dataset.imageRoot = dataset.file.parent_path();
    config.datasets.push_back(std::move(dataset));
  }
}

void checkStages(YamlFields& top, const TrainConfig& config) {
  if (config.stages.empty()) top.wrong("stages", "is missing or empty", "list at least one stage");
  std::set<std::string> names;
  std::vector<std::string> datasets;
  for (const Dataset& dataset : config.datasets) datasets.push_back(dataset.name);
  for (const StageConfig& stage : config.stages) {
    if (!names.insert(stage.name).second) top.wrong("stages", "has two stages called '" + stage.name + "'", "name them apart");
    if (datasets.empty() || stage.data.empty()) continue;
    try {
      parseMix(stage.data, datasets);
    } catch (const Error& error) {
      throw Error(error.code(), config.file.string() + ": stage " + stage.name + ": " + error.message(), error.hint());
    }
  }
}

}  // namespace

std::string_view stageKindName(StageKind kind) {
  const auto& names = kinds();
  return std::find_if(names.begin(), names.end(), [&](const auto& one) { return one.second == kind; })->first;
}

double valueOn(Curve curve, double from, double to, double done) {
  const double along = std::clamp(done, 0.0, 1.0);
  switch (curve) {
    case Curve::Constant:
      return from;
    case Curve::Linear:
      return from + (to - from) * along;
    case Curve::Cosine:
      return to + (from - to) * 0.5 * (1 + std::cos(std::numbers::pi * along));
  }
  return from;
}

const Dataset& TrainConfig::dataset(std::string_view name) const {
  const auto found = std::find_if(datasets.begin(), datasets.end(), [&](const Dataset& one) { return one.name == name; });
  if (found != datasets.end()) return *found;
  std::string known;
  for (const Dataset& one : datasets) known += (known.empty() ? "" : ", ") + one.name;
  throw Error(ErrorCode::InvalidInput,
              file.string() + ": a stage names the dataset '" + std::string(name) + "', which `data` does not",
              "known are " + known);
}

TrainConfig readTrainConfig(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  YamlFields top = readYaml(file, overrides);
  TrainConfig config;
  config.file = file;
  top.read("model", config.model);
  if (config.model.empty()) top.wrong("model", "is missing", "give \"starter\" or a model folder");
  if (config.model != "starter" && std::filesystem::exists(top.beside(config.model)))
    config.model = top.beside(config.model).string();
  top.read("output", config.output);
  if (config.output.empty()) top.wrong("output", "is missing", "give the folder to write to");
  readData(top, config);
  top.read("seed", config.seed);
  top.read("device", config.device);
  top.read("precision", config.precision,
           std::vector<std::pair<std::string, std::string>>{{"float32", "float32"}, {"bfloat16", "bfloat16"}});
  top.read("threads", config.threads);
  config.adapter = readAdapter(top.fields("adapter"));
  if (config.model == "starter") {
    if (config.adapter.kind == "aspects")
      top.wrong("adapter", "is aspects, which the starter's decoder is not trained with", "give mole, lora or none");
    top.read("feed_forward", config.feedForward, kCount);
    top.read("eyes", config.eyes);
  } else if (config.adapter.kind == "none") {
    top.wrong("adapter", "is none, and there would be nothing to train", "give mole or lora");
  }
  const bool loadsConversations = config.model != "starter" && config.adapter.kind != "aspects";
  for (YamlFields& stage : top.list("stages")) config.stages.push_back(readStage(std::move(stage), loadsConversations));
  checkStages(top, config);
  top.finish();
  return config;
}

}  // namespace orthoscribe::learn
