// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/layer_training/layer_training.h"

#include <ATen/ATen.h>
#include <ATen/Context.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>
#include <format>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "core/engine/model_card.h"
#include "core/learn/data/decoder_views.h"
#include "core/learn/data/prefetch.h"
#include "core/learn/layer_training/area_split.h"
#include "core/learn/layer_training/expert_card.h"
#include "core/learn/layer_training/layer_loss.h"
#include "core/learn/layer_training/layer_pictures.h"
#include "core/learn/layer_training/tower_expert.h"
#include "core/learn/train/training_loop.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

constexpr const char* kStage = "layer";
constexpr double kLearningRate = 2e-3;
constexpr double kClipNorm = 1;
constexpr double kAverageDecay = 0.99;
constexpr double kSaveEverySeconds = 30;
constexpr at::ScalarType kPrecision = at::kBFloat16;  // of the forward; updates and sums are float32
constexpr double kTrainingBegins = 0.05;              // shares of the whole
constexpr double kTrainingEnds = 0.95;
constexpr std::size_t kMostPictures = 4096;  // 800 MB

torch::Device deviceNamed(const std::string& name) {
  if (name == "cpu" || (name == "auto" && !at::hasCUDA())) return torch::kCPU;
  if ((name == "cuda" || name == "auto") && at::hasCUDA()) return torch::kCUDA;
  throw Error(ErrorCode::InvalidInput, "device \"" + name + "\" is not to be had",
              "Use cpu, or cuda on a machine whose libtorch has it.");
}

engine::ModelCard starterCard(const fs::path& folder) {
  engine::ModelCard card = engine::readModelCard(folder);
  if (card.family == "starter") return card;
  throw Error(ErrorCode::Unsupported,
              folder.string() + ": from a layer only experts for the starter are trained, and this model is a " + card.family,
              "make conversations with orthoscribe data and train with orthoscribe train CONFIG.yaml");
}

void checkOutput(const LayerTrainingOptions& options) {
  std::error_code failed;
  const bool occupied = fs::exists(options.output) && !(fs::is_directory(options.output) && fs::is_empty(options.output, failed));
  if (occupied && !options.resume) {
    throw Error(ErrorCode::InvalidInput, options.output.string() + ": is there already",
                "name another folder, or go on with what is in it by --resume");
  }
  fs::create_directories(options.output / "training", failed);
  if (failed) throw Error(ErrorCode::Io, "cannot make the folder " + options.output.string() + ": " + failed.message());
}

void checkLabels(const LayerTrainingOptions& options, const std::vector<LayerLabel>& labels) {
  const auto objects = std::count_if(labels.begin(), labels.end(), [](const LayerLabel& label) { return !label.rejected; });
  if (objects >= kFewestObjects) return;
  throw Error(
      ErrorCode::InvalidInput,
      std::format("{} holds {} objects on {}, which are too few to learn from", options.labels.path, objects, options.raster),
      std::format("label at least {}, better a hundred", kFewestObjects));
}

// Evenly chosen ones where there are too many to keep in memory.
std::vector<geo::PixelRect> thinned(const std::vector<geo::PixelRect>& areas) {
  if (areas.size() <= kMostPictures) return areas;
  std::vector<geo::PixelRect> chosen;
  for (std::size_t number = 0; number < kMostPictures; ++number) chosen.push_back(areas[number * areas.size() / kMostPictures]);
  return chosen;
}

class LayerRun {
 public:
  LayerRun(const LayerTrainingOptions& options, const std::function<void(const LayerTrainingState&)>& report,
           const CancelToken& cancel)
      : options_(options), report_(report), cancel_(cancel), device_(deviceNamed(options.device)) {
    if (!(options.heldOut > 0 && options.heldOut <= 0.5))
      throw Error(ErrorCode::InvalidInput, "the held-out share must be above 0 and at most 0.5");
    if (options.threads > 0) at::set_num_threads(options.threads);
    const engine::ModelCard card = starterCard(options.model);
    say({.done = 0, .message = "Reading the labels", .loss = {}, .secondsLeft = {}});
    geo::GdalRaster raster(options.raster);
    labels_ = readLayerLabels(options.labels, raster);
    checkLabels(options, labels_);
    checkOutput(options);
    expert_ = std::make_unique<TowerExpert>(options.model, options.rank, options.seed, device_);
    cutArea(raster, card.groundResolutionM);
  }

  LayerTrainingResult run() {
    LayerTrainingResult result;
    say({.done = kTrainingBegins / 2, .message = "Measuring the model as it is", .loss = {}, .secondsLeft = {}});
    result.before = measure();
    Optimizer optimizer(expert_->store(), optimizerOptions());
    const LoopResult loop = train(optimizer);
    result.cancelled = loop.cancelled;
    result.steps = optimizer.state().steps;
    result.loss = loss_;
    if (loop.cancelled) return result;
    say({.done = kTrainingEnds, .message = "Measuring the expert", .loss = loss_, .secondsLeft = {}});
    const AveragedWeights averaged(expert_->store(), optimizer.state());
    result.after = measure();
    expert_->write(options_.output);
    writeExpertCard({options_, result, labels_, split_});
    return result;
  }

 private:
  static OptimizerOptions optimizerOptions() {
    OptimizerOptions optimizer;
    optimizer.learningRate = kLearningRate;
    optimizer.weightDecay = 0;
    optimizer.clipNorm = kClipNorm;
    optimizer.averageDecay = kAverageDecay;
    return optimizer;
  }

  void say(const LayerTrainingState& state) const {
    if (report_) report_(state);
  }

  int side() const { return static_cast<int>(expert_->config().sidePx); }

  void cutArea(geo::GdalRaster& raster, double modelResolutionM) {
    const double own = raster.groundResolutionM().value_or(0);
    const double scale = own > 0 && modelResolutionM > 0 ? modelResolutionM / own : 1.0;
    split_ = splitArea(raster.width(), raster.height(), std::llround(side() * scale), labels_, options_.heldOut);
    split_.train = thinned(split_.train);
    split_.heldOut = thinned(split_.heldOut);
    train_ = cutPictures(raster, split_.train, scale, labels_, cancel_);
    heldOut_ = cutPictures(raster, split_.heldOut, scale, labels_, cancel_);
  }

  std::map<std::string, ClassFigures> measure() const {
    return measureExpert(expert_->eyes(), heldOut_, device_, kPrecision, cancel_);
  }

  // The tower is built for every step: its weights hold the updates as they are then.
  LayerLoss lossOf(LayerBatch& batch) const {
    for (torch::Tensor* tensor : {&batch.tower.heat, &batch.tower.heatWeight, &batch.tower.geometry, &batch.tower.geometryWeight,
                                  &batch.tower.angleWeight})
      *tensor = tensor->to(device_);
    const torch::Tensor pixels = normalisedPixels(batch.tower.pixels, device_, kPrecision);
    torch::Tensor reference;
    {
      const at::NoGradGuard noGradients;
      reference = expert_->untrainedTower().forward(pixels, false).heat;
    }
    return layerLoss(expert_->tower().forward(pixels, false), reference, batch);
  }

  Figures microBatch(LayerBatch batch, std::int64_t number, double share) {
    const LayerLoss loss = lossOf(batch);
    loss_ = loss.total.item<double>();
    if (!std::isfinite(loss_)) {
      throw Error(ErrorCode::Internal, std::format("the loss is not a number at step {}", number),
                  "go on from the last checkpoint with --resume, with a look at what the raster holds there");
    }
    (loss.total * share).backward();
    return {{"loss", loss_}};
  }

  LoopResult train(Optimizer& optimizer) {
    const LayerBatchMaker maker(train_, {.side = side(), .augmentation = {}}, options_.seed);
    std::optional<Prefetch<LayerBatch>> prefetch;
    RemainingTime remaining;
    LoopOptions loop;
    loop.stage = kStage;
    loop.length = {options_.steps, options_.minutes};
    loop.saveEverySeconds = kSaveEverySeconds;
    loop.checkpoint = options_.output / "training" / "expert.safetensors";
    loop.resume = options_.resume;
    LoopHooks hooks;
    hooks.begin = [&](std::int64_t first, const RunClock&) {
      prefetch.emplace([&maker](std::int64_t number) { return maker.make(number); }, first);
    };
    hooks.microBatch = [&](std::int64_t number, double share) { return microBatch(prefetch->next(), number, share); };
    hooks.progress = [&](const Progress& progress) {
      const double done = static_cast<double>(progress.done) / static_cast<double>(progress.total);
      LayerTrainingState state{.done = kTrainingBegins + done * (kTrainingEnds - kTrainingBegins),
                               .message = std::format("Training, step {}", optimizer.state().steps),
                               .loss = loss_,
                               .secondsLeft = {}};
      if (const auto left = remaining.estimate(progress)) state.secondsLeft = static_cast<double>(left->count());
      say(state);
    };
    return runLoop(expert_->store(), optimizer, loop, hooks, cancel_);
  }

  const LayerTrainingOptions& options_;
  const std::function<void(const LayerTrainingState&)>& report_;
  const CancelToken& cancel_;
  torch::Device device_;
  std::vector<LayerLabel> labels_;
  AreaSplit split_;
  std::vector<Sample> train_, heldOut_;
  std::unique_ptr<TowerExpert> expert_;
  double loss_ = 0;
};

}  // namespace

LayerTrainingResult trainFromLayer(const LayerTrainingOptions& options,
                                   const std::function<void(const LayerTrainingState&)>& report, const CancelToken& cancel) {
  return LayerRun(options, report, cancel).run();
}

}  // namespace orthoscribe::learn
