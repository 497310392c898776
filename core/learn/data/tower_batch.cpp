// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/tower_batch.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>

#include "core/learn/data/box_targets.h"
#include "core/learn/data/decoder_views.h"

namespace orthoscribe::learn {
namespace {

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

std::size_t TowerBatchMaker::draw(std::int64_t number, int slot, Random& random) const {
  const int boxed = withBoxes_.empty() ? 0 : static_cast<int>(options_.batch * options_.boxShare);
  if (slot < boxed) return withBoxes_[random() % withBoxes_.size()];
  return placeInRound(seed_, number * (options_.batch - boxed) + (slot - boxed), samples_->size());
}

TowerBatch TowerBatchMaker::make(std::int64_t number) const {
  Random random(seed_ * 7919 + static_cast<std::uint64_t>(number));
  std::vector<torch::Tensor> pixels, attributes, heat, heatWeight, geometry, geometryWeight, angleWeight;
  std::vector<std::int64_t> scenes;
  for (int slot = 0; slot < options_.batch; ++slot) {
    const Sample& sample = (*samples_)[draw(number, slot, random)];
    View view = takeView(sample, randomView(sample, options_.side, options_.augmentation, random), options_.side);
    changeLight(view.image, options_.augmentation.colour, random);
    const BoxTargets targets = makeBoxTargets(sample, view, options_.side, options_.cell);
    pixels.push_back(pixelTensor(view.image));
    attributes.push_back(attributeTensor(sample));
    scenes.push_back(sample.scene.value_or(-1));
    heat.push_back(targets.heat);
    heatWeight.push_back(targets.heatWeight);
    geometry.push_back(targets.geometry);
    geometryWeight.push_back(targets.geometryWeight);
    angleWeight.push_back(targets.angleWeight);
  }
  return {at::stack(pixels),     at::tensor(scenes, at::kLong), at::stack(attributes),     at::stack(heat),
          at::stack(heatWeight), at::stack(geometry),           at::stack(geometryWeight), at::stack(angleWeight)};
}

}  // namespace orthoscribe::learn
