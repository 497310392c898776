// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/tower_stage.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <optional>
#include <vector>

#include "core/learn/data/decoder_views.h"
#include "core/learn/data/prefetch.h"
#include "core/learn/data/tower_batch.h"
#include "core/learn/metrics/average_precision.h"
#include "core/learn/train/tower_loss.h"

namespace orthoscribe::learn {
namespace {

constexpr double kReportedScore = 0.3;
constexpr int kCoarsestStride = 32;

TowerBatch onDevice(TowerBatch batch, torch::Device device) {
  for (torch::Tensor* tensor : {&batch.pixels, &batch.scene, &batch.attributes, &batch.heat, &batch.heatWeight, &batch.geometry,
                                &batch.geometryWeight, &batch.angleWeight}) {
    *tensor = tensor->to(device);
  }
  return batch;
}

std::vector<geo::Point> outline(const geo::OrientedBox& box) {
  const geo::Quad quad = geo::corners(box);
  return {quad.begin(), quad.end()};
}

// Boxes to score a picture's detections against; classes that nobody labelled in it are neither asked nor scored.
void addTruths(const Sample& sample, const View& view, std::int64_t image, std::vector<TrueObject>& truths) {
  for (const LabelledBox& box : view.boxes) {
    if (sample.boxesKnown[static_cast<std::size_t>(box.objectClass)]) {
      truths.push_back(
          {image, std::string(kObjectClasses[static_cast<std::size_t>(box.objectClass)]), outline(box.box), box.difficult});
    }
  }
}

void addFound(const Sample& sample, const std::vector<model::ProposedObject>& objects, std::int64_t image, double minimumScore,
              std::vector<FoundObject>& found) {
  for (const model::ProposedObject& object : objects) {
    const auto objectClass = static_cast<std::size_t>(object.objectClass);
    if (object.score < minimumScore || !sample.boxesKnown[objectClass]) continue;
    const geo::OrientedBox box =
        geo::makeOrientedBox({object.centreX, object.centreY}, object.longSide, object.shortSide, object.angleDeg);
    found.push_back({image, std::string(kObjectClasses[objectClass]), outline(box), object.score});
  }
}

TowerBatchMaker makerOf(const TowerPhase& phase, std::int64_t modelSide, const Survey& survey, const TowerOptions& options) {
  TowerBatchOptions batch;
  batch.batch = options.batch;
  batch.boxShare = options.boxShare;
  batch.side = static_cast<int>(std::min<std::int64_t>(modelSide, phase.side));
  batch.mixShare = batch.side > kCoarsestStride ? phase.mixShare : 0;
  batch.augmentation.zoomOut = static_cast<double>(modelSide) / batch.side;
  return {survey.train, batch, options.seed};
}

std::size_t phaseAt(const std::vector<TowerPhase>& phases, double done) {
  const auto phase = std::ranges::find_if(phases, [done](const TowerPhase& each) { return done < each.until; });
  return std::min<std::size_t>(static_cast<std::size_t>(phase - phases.begin()), phases.size() - 1);
}

}  // namespace

Figures measureTower(const StarterModel& starter, const std::vector<Sample>& samples, const TowerOptions& options,
                     double minimumScore) {
  const at::NoGradGuard noGradients;
  const auto side = static_cast<int>(starter.shape().vision.sidePx);
  std::vector<TrueObject> truths;
  std::vector<FoundObject> found;
  double right = 0;
  double asked = 0;
  for (std::size_t index = 0; index < samples.size(); ++index) {
    const Sample& sample = samples[index];
    const View view = takeView(sample, plainView(sample, side), side);
    const model::StarterView seen =
        starter.vision().look(normalisedPixels(pixelTensor(view.image).unsqueeze(0), options.device, options.dtype));
    if (sample.scene) {
      asked += 1;
      right += seen.scenes[0].argmax().item<std::int64_t>() == *sample.scene ? 1 : 0;
    }
    addTruths(sample, view, static_cast<std::int64_t>(index), truths);
    addFound(sample, seen.objects.front(), static_cast<std::int64_t>(index), minimumScore, found);
  }
  Figures figures{{"scene", asked > 0 ? right / asked : 0}};
  const PrecisionReport report = averagePrecision(truths, found, true);
  for (const auto& [label, precision] : report.classes) {
    if (precision.elevenPoint) figures["ap " + label] = *precision.elevenPoint;
  }
  if (report.meanElevenPoint) figures["ap mean"] = *report.meanElevenPoint;
  return figures;
}

LoopResult trainTower(StarterModel& starter, const Survey& survey, const TowerOptions& options,
                      const std::function<void(const std::string&)>& report, const ProgressCallback& progress,
                      const CancelToken& cancel) {
  Optimizer optimizer(starter.store(), options.optimizer);
  std::vector<TowerBatchMaker> makers;
  for (const TowerPhase& phase : options.phases) makers.push_back(makerOf(phase, starter.shape().vision.sidePx, survey, options));
  std::optional<Prefetch<TowerBatch>> prefetch;

  LoopHooks hooks;
  hooks.begin = [&](std::int64_t first, const RunClock& clock) {
    const int accumulate = options.loop.accumulate;
    prefetch.emplace(
        [&makers, &options, clock, accumulate](std::int64_t number) {  // the clock as a copy: this thread outlives the loop
          return makers[phaseAt(options.phases, clock.done(number / accumulate))].make(number);
        },
        first);
  };
  hooks.microBatch = [&](std::int64_t, double share) -> Figures {
    const TowerBatch batch = onDevice(prefetch->next(), options.device);
    const TowerLoss loss =
        towerLoss(starter.vision().tower().forward(normalisedPixels(batch.pixels, options.device, options.dtype), true), batch);
    (loss.total * share).backward();
    return {{"loss", loss.total.item<double>()},
            {"heat", loss.heat},
            {"box", loss.box},
            {"scene", loss.scene},
            {"attributes", loss.attributes}};
  };
  hooks.evaluate = [&] { return measureTower(starter, survey.heldOut, options, kReportedScore); };
  hooks.report = report;
  hooks.progress = progress;
  return runLoop(starter.store(), optimizer, options.loop, hooks, cancel);
}

}  // namespace orthoscribe::learn
