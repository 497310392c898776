// SPDX-License-Identifier: GPL-2.0-or-later
// What `orthoscribe train` is told by its YAML file: model, data, adapter and stages. Strict: what is not understood is refused.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/learn/data/loading/random_resize.h"
#include "core/learn/data/skip_report.h"
#include "core/model/adapters/adapter_config.h"

namespace orthoscribe::learn {

enum class StageKind { Knowledge, Tasks, Preference, Refinement, Tower };
std::string_view stageKindName(StageKind kind);

// How a number goes from one value to another while a stage runs.
enum class Curve { Constant, Linear, Cosine };
// from at 0, to at 1; half a cosine between them, a line, or `from` all the time.
double valueOn(Curve curve, double from, double to, double done);

struct LossTerm {
  std::string name;  // in lossList()
  double weight = 1;
  // The weight is multiplied by what goes from `from` to `to` over the stage.
  Curve schedule = Curve::Constant;
  double from = 1;
  double to = 0;

  double weightAt(double done) const { return weight * valueOn(schedule, from, to, done); }
};

struct StageConfig {
  std::string name;
  StageKind kind = StageKind::Tasks;
  std::vector<std::string> data;  // as parseMix takes them: names of datasets or "all", "*N" (N times) or "%P" (P percent) behind
  std::vector<std::string> trains;  // experts, experts.3, routers, shared, adapter, base, or beginnings of names, the base's too
  std::vector<LossTerm> losses;

  // How conversations are read (core/learn/data/loading/conversation_loader.h); for adapters on other families than the starter.
  double turnShare = 0;    // chance that a sample's pictures are turned or mirrored; places and words of direction follow
  double resizeShare = 0;  // chance that they are shown at sizes drawn between the least and the most pixels the model takes
  ResizeRule resizeRule = ResizeRule::TrueArea;
  std::string dialect;  // in which the texts give places; empty: the model's own
  SkipLimit skip;       // bad samples beyond this end the training

  double learningRate = 1e-4;                   // the highest
  std::map<std::string, double> learningRates;  // of the parts named as in `trains`, where they have another one
  Curve schedule = Curve::Cosine;               // of the learning rate, down to a hundredth
  double warmUp = 0.03;                         // share of the stage
  double beta1 = 0.9;
  double beta2 = 0.999;
  double weightDecay = 0;
  double clipNorm = 1;
  double averageDecay = 0;  // above 0: the stage gives the running mean of its weights

  std::int64_t batch = 8;       // samples a micro-batch
  std::int64_t accumulate = 1;  // micro-batches a step, in each process
  // How long it is: one of the three.
  std::int64_t steps = 0;
  double epochs = 0;
  double minutes = 0;

  std::int64_t maxTokens = 1024;  // of a sequence; the rest is cut. The starter counts text alone
  std::int64_t texts = 0;         // rows of closed-book questions beside the samples; the starter's stages alone
  // Of the starter's tower alone: views of this side all the time, in pixels; 0: growing ones (core/learn/train/tower_stage.h).
  std::int64_t side = 0;
  double mixShare = 0;        // with `side`: chance that a rectangle of a view is cut out of another's
  double boxShare = 0.4;      // share of a batch drawn from pictures with boxes
  bool packing = false;       // several samples in a row, which do not see each other
  double beta = 0.1;          // of preference losses
  double labelSmoothing = 0;  // of dpo

  std::int64_t saveEvery = 200;    // steps between checkpoints
  std::int64_t logEvery = 10;      // steps a row of the curves
  std::int64_t evaluateEvery = 0;  // steps; 0: at the end only
};

struct Dataset {
  std::string name;
  std::filesystem::path file;  // conversations, JSON Lines
  std::filesystem::path imageRoot;
  // Size at which its boxes are counted (data convert --pixels); nothing: as the dialect's published models see pictures.
  std::optional<ResizeLimits> written = {};
};

struct AdapterPlan {
  // "mole", "lora", "aspects" (core/learn/aspects/aspect_trainee.h); "none" for a starter without experts
  std::string kind = "mole";
  std::int64_t experts = 8;
  std::int64_t topK = 2;
  std::int64_t rank = 8;
  double alpha = 16;
  double dropout = 0;
  bool routerOfBlock = false;  // one router for the linears of a feed-forward block, attention without; else one for each linear
  model::RouterInput routerInput = model::RouterInput::Layer;  // what a router of a block goes by
  std::filesystem::path from;                                  // an adapter folder to begin with; empty: fresh
  std::vector<std::string> targets;                            // last names of linears; empty: all of the decoder's
  bool sharedExpert = false;
  std::int64_t sharedRank = 0;  // 0: as the others
  double sharedAlpha = 0;
};

struct TrainConfig {
  std::filesystem::path file;
  std::string model;  // "starter", or a model folder
  std::filesystem::path output;
  std::filesystem::path dataFolder;  // where `data` is a folder
  std::vector<Dataset> datasets;     // where it names files
  std::uint64_t seed = 1;
  std::string device = "auto";
  std::string precision = "float32";
  int threads = 0;  // 0: as many as the machine has
  AdapterPlan adapter;
  std::vector<StageConfig> stages;

  // Of the starter alone.
  std::int64_t feedForward = 512;  // width of its decoder's inner layers
  std::filesystem::path eyes;      // weights of its vision tower from an earlier run, in place of the tower's stage

  const Dataset& dataset(std::string_view name) const;  // throws Error{InvalidInput} with the known names
};

// Paths in the file are relative to it. overrides: "stages.1.steps=20", "output=/elsewhere": a value for a key, as written in
// YAML. Throws Error{NotFound}; Error{InvalidInput} with file, line and key for what YAML does not allow, keys that nobody knows
// (naming the nearest that is known), values of another type or out of range, and stages that cannot be run.
TrainConfig readTrainConfig(const std::filesystem::path& file, const std::vector<std::string>& overrides = {});

}  // namespace orthoscribe::learn
