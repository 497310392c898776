// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/tower_batch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "core/learn/data/box_targets.h"
#include "core/learn/data/decoder_views.h"

namespace orthoscribe::learn {
namespace {

constexpr int kMixGrid = 32;  // rectangles lie on the coarsest cells, so that no cell's labels are torn

torch::Tensor sceneTensor(const Sample& sample, double weight) {
  torch::Tensor shares = at::zeros({static_cast<std::int64_t>(kSceneCount)});
  if (sample.scene) shares[*sample.scene] = weight;
  return shares;
}

torch::Tensor attributeTensor(const Sample& sample) {
  torch::Tensor values = at::empty({static_cast<std::int64_t>(kAttributeCount)});
  auto write = values.accessor<float, 1>();
  for (std::size_t index = 0; index < kAttributeCount; ++index)
    write[static_cast<std::int64_t>(index)] = static_cast<float>(sample.attributes[index]);
  return values;
}

// Where number n of a stream lies in a shuffled round through `size` things; every round has an order of its own.
std::size_t placeInRound(std::uint64_t seed, std::int64_t n, std::size_t size) {
  const auto round = static_cast<std::uint64_t>(n) / size;
  std::vector<std::size_t> order(size);
  std::iota(order.begin(), order.end(), std::size_t{0});
  Random random(seed * 1000003 + round);
  for (std::size_t at = size - 1; at > 0; --at) std::swap(order[at], order[random() % (at + 1)]);
  return order[static_cast<std::uint64_t>(n) % size];
}

}  // namespace

TowerBatchMaker::TowerBatchMaker(const std::vector<Sample>& samples, TowerBatchOptions options, std::uint64_t seed)
    : samples_(&samples), options_(options), seed_(seed) {
  for (std::size_t index = 0; index < samples.size(); ++index) {
    if (!samples[index].boxes.empty()) withBoxes_.push_back(index);
  }
}

int TowerBatchMaker::boxedSlots() const {
  return withBoxes_.empty() ? 0 : static_cast<int>(options_.batch * options_.boxShare);
}

std::size_t TowerBatchMaker::draw(std::int64_t number, int slot, Random& random) const {
  const int boxed = boxedSlots();
  if (slot < boxed) return withBoxes_[random() % withBoxes_.size()];
  return placeInRound(seed_, number * (options_.batch - boxed) + (slot - boxed), samples_->size());
}

void TowerBatchMaker::mix(TowerBatch& batch, Random& random) const {
  const std::int64_t count = batch.pixels.size(0);
  const int cells = options_.side / kMixGrid;
  const torch::Tensor others = at::arange(count, at::kLong).roll({1}, {0});
  const TowerBatch whole = {batch.pixels.clone(),         batch.scene.clone(),      batch.attributes.clone(),
                            batch.heat.clone(),           batch.heatWeight.clone(), batch.geometry.clone(),
                            batch.geometryWeight.clone(), batch.angleWeight.clone()};
  for (std::int64_t slot = 0; slot < count; ++slot) {
    if (uniform(random, 0, 1) >= options_.mixShare) continue;
    const auto extent = [&] { return 1 + static_cast<int>(random() % static_cast<std::uint64_t>(cells - 1)); };
    const int wide = extent();
    const int high = extent();
    const int left = static_cast<int>(random() % static_cast<std::uint64_t>(cells - wide + 1)) * kMixGrid;
    const int top = static_cast<int>(random() % static_cast<std::uint64_t>(cells - high + 1)) * kMixGrid;
    const auto paste = [&](torch::Tensor& into, const torch::Tensor& from, std::int64_t rowAxis, int cell) {
      const auto part = [&](const torch::Tensor& value, std::int64_t picture) {
        return value[picture]
            .narrow(rowAxis, top / cell, high * kMixGrid / cell)
            .narrow(rowAxis + 1, left / cell, wide * kMixGrid / cell);
      };
      part(into, slot).copy_(part(from, others[slot].item<std::int64_t>()));
    };
    paste(batch.pixels, whole.pixels, 0, 1);
    paste(batch.heat, whole.heat, 1, options_.cell);
    paste(batch.heatWeight, whole.heatWeight, 1, options_.cell);
    paste(batch.geometry, whole.geometry, 1, options_.cell);
    paste(batch.geometryWeight, whole.geometryWeight, 1, options_.cell);
    paste(batch.angleWeight, whole.angleWeight, 1, options_.cell);
    const double pasted = static_cast<double>(wide * high) / (cells * cells);
    const std::int64_t other = others[slot].item<std::int64_t>();
    batch.scene[slot] = whole.scene[slot] * (1 - pasted) + whole.scene[other] * pasted;
    batch.attributes[slot].fill_(-1);  // whether a thing is still there, or came with the rectangle, is not known
  }
}

TowerBatch TowerBatchMaker::make(std::int64_t number) const {
  Random random(seed_ * 7919 + static_cast<std::uint64_t>(number));
  std::vector<torch::Tensor> pixels, scenes, attributes, heat, heatWeight, geometry, geometryWeight, angleWeight;
  for (int slot = 0; slot < options_.batch; ++slot) {
    const Sample& sample = (*samples_)[draw(number, slot, random)];
    View view = takeView(sample, randomView(sample, options_.side, options_.augmentation, random), options_.side);
    changeLight(view.image, options_.augmentation.colour, random);
    const BoxTargets targets = makeBoxTargets(sample, view, options_.side, options_.cell);
    pixels.push_back(pixelTensor(view.image));
    attributes.push_back(attributeTensor(sample));
    scenes.push_back(sceneTensor(sample, slot < boxedSlots() ? options_.boxedSceneWeight : 1));
    heat.push_back(targets.heat);
    heatWeight.push_back(targets.heatWeight);
    geometry.push_back(targets.geometry);
    geometryWeight.push_back(targets.geometryWeight);
    angleWeight.push_back(targets.angleWeight);
  }
  TowerBatch batch = {at::stack(pixels),     at::stack(scenes),   at::stack(attributes),     at::stack(heat),
                      at::stack(heatWeight), at::stack(geometry), at::stack(geometryWeight), at::stack(angleWeight)};
  if (options_.mixShare > 0) mix(batch, random);
  return batch;
}

}  // namespace orthoscribe::learn
