// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/layer_training/layer_batch.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "core/learn/data/box_targets.h"
#include "core/learn/data/decoder_views.h"

namespace orthoscribe::learn {
namespace {

// How much more silence counts where somebody said that there is nothing.
constexpr float kRejectedWeight = 4;
constexpr float kOccupied = 0.1F;  // heat of an accepted object close by

HeatCell cellOf(const LabelledBox& box, std::int64_t picture, const LayerBatchOptions& options) {
  const std::int64_t last = options.side / options.cell - 1;
  const auto cell = [&](double place) {
    return std::clamp<std::int64_t>(static_cast<std::int64_t>(place / options.cell), 0, last);
  };
  const int objectClass = isRejected(box) ? asRejected(box.objectClass) : box.objectClass;
  return {picture, objectClass, cell(box.box.centre.y), cell(box.box.centre.x)};
}

void weighRejected(BoxTargets& targets, const LabelledBox& box, const HeatCell& centre, int cellPx) {
  auto weight = targets.heatWeight.accessor<float, 3>();
  const auto heat = targets.heat.accessor<float, 3>();
  const std::int64_t cells = heat.size(1);
  const auto reach = static_cast<std::int64_t>(std::max(1.0, box.box.shortSide / 2 / cellPx));
  for (std::int64_t row = std::max<std::int64_t>(0, centre.row - reach); row <= std::min(cells - 1, centre.row + reach); ++row) {
    for (std::int64_t column = std::max<std::int64_t>(0, centre.column - reach);
         column <= std::min(cells - 1, centre.column + reach); ++column) {
      float& here = weight[centre.objectClass][row][column];
      if (here > 0 && heat[centre.objectClass][row][column] < kOccupied) here = kRejectedWeight;
    }
  }
}

torch::Tensor stacked(const std::vector<BoxTargets>& targets, torch::Tensor BoxTargets::* part) {
  std::vector<torch::Tensor> parts;
  for (const BoxTargets& one : targets) parts.push_back(one.*part);
  return at::stack(parts);
}

}  // namespace

LayerBatch makeLayerBatch(const std::vector<const Sample*>& samples, const LayerBatchOptions& options, std::uint64_t seed) {
  Random random(seed);
  LayerBatch batch;
  std::vector<torch::Tensor> pixels;
  std::vector<BoxTargets> targets;
  for (std::size_t index = 0; index < samples.size(); ++index) {
    const Sample& sample = *samples[index];
    View view = takeView(sample, randomView(sample, options.side, options.augmentation, random), options.side);
    changeLight(view.image, options.augmentation.colour, random);
    const auto turnedDown =
        std::stable_partition(view.boxes.begin(), view.boxes.end(), [](const LabelledBox& box) { return !isRejected(box); });
    const std::vector<LabelledBox> rejected(turnedDown, view.boxes.end());
    view.boxes.erase(turnedDown, view.boxes.end());
    targets.push_back(makeBoxTargets(sample, view, options.side, options.cell));
    const auto picture = static_cast<std::int64_t>(index);
    for (const LabelledBox& box : view.boxes) batch.accepted.push_back(cellOf(box, picture, options));
    for (const LabelledBox& box : rejected) {
      batch.rejected.push_back(cellOf(box, picture, options));
      weighRejected(targets.back(), box, batch.rejected.back(), options.cell);
    }
    pixels.push_back(pixelTensor(view.image));
  }
  const auto count = static_cast<std::int64_t>(samples.size());
  batch.tower = {at::stack(pixels),
                 at::full({count}, -1, at::kLong),
                 at::full({count, static_cast<std::int64_t>(kAttributeCount)}, -1.0),
                 stacked(targets, &BoxTargets::heat),
                 stacked(targets, &BoxTargets::heatWeight),
                 stacked(targets, &BoxTargets::geometry),
                 stacked(targets, &BoxTargets::geometryWeight),
                 stacked(targets, &BoxTargets::angleWeight)};
  return batch;
}

LayerBatch LayerBatchMaker::make(std::int64_t number) const {
  Random random(seed_ * 7919 + static_cast<std::uint64_t>(number));
  std::vector<const Sample*> chosen;
  for (int slot = 0; slot < options_.batch; ++slot) chosen.push_back(&(*samples_)[random() % samples_->size()]);
  return makeLayerBatch(chosen, options_, random());
}

}  // namespace orthoscribe::learn
