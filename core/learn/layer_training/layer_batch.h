// SPDX-License-Identifier: GPL-2.0-or-later
// Batches of views of a layer's pictures. Batch number n depends on the seed and on n alone, as in tower_batch.h.
#pragma once

#include <cstdint>
#include <vector>

#include "core/learn/data/tower_batch.h"
#include "core/learn/layer_training/layer_pictures.h"

namespace orthoscribe::learn {

// A cell of the heat: where the centre of a box lies.
struct HeatCell {
  std::int64_t picture = 0;
  std::int64_t objectClass = 0;
  std::int64_t row = 0;
  std::int64_t column = 0;
};

struct LayerBatch {
  TowerBatch tower;  // scene and attributes are unknown
  std::vector<HeatCell> accepted;
  std::vector<HeatCell> rejected;
};

struct LayerBatchOptions {
  int batch = 4;  // few, so that a cancel need not wait long for the end of a step
  int side = 256;
  int cell = 4;
  Augmentation augmentation;
};

// The views' targets; around rejected boxes silence weighs more.
LayerBatch makeLayerBatch(const std::vector<const Sample*>& samples, const LayerBatchOptions& options, std::uint64_t seed);

class LayerBatchMaker {
 public:
  // samples must outlive this and not be empty.
  LayerBatchMaker(const std::vector<Sample>& samples, LayerBatchOptions options, std::uint64_t seed)
      : samples_(&samples), options_(options), seed_(seed) {}
  LayerBatch make(std::int64_t number) const;

 private:
  const std::vector<Sample>* samples_;
  LayerBatchOptions options_;
  std::uint64_t seed_;
};

}  // namespace orthoscribe::learn
