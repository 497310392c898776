// SPDX-License-Identifier: GPL-2.0-or-later
// An expert from one's own layer: a raster and polygons on it become an adapter of the starter's tower, measured on a part of the
// area that it never saw. What `orthoscribe train --raster` does.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>

#include "core/base/cancel.h"
#include "core/learn/layer_training/expert_figures.h"
#include "core/learn/layer_training/layer_labels.h"

namespace orthoscribe::learn {

inline constexpr int kFewestObjects = 8;

struct LayerTrainingOptions {
  std::string raster;
  LabelSource labels;
  std::filesystem::path model;   // folder of a starter
  std::filesystem::path output;  // adapter folder to write
  std::int64_t steps = 0;        // above 0 it wins over minutes
  double minutes = 10;
  double heldOut = 0.2;  // share of the labelled area, above 0 and at most 0.5
  std::int64_t rank = 8;
  std::uint64_t seed = 1;
  int threads = 0;              // 0: all cores
  std::string device = "auto";  // "auto", "cpu", "cuda"
  bool resume = false;
};

struct LayerTrainingState {
  double done = 0;  // 0..1 of everything
  std::string message;
  std::optional<double> loss;
  std::optional<double> secondsLeft;
};

struct LayerTrainingResult {
  bool cancelled = false;  // with a checkpoint to resume from
  std::int64_t steps = 0;
  double loss = 0;                                    // of the last step
  std::map<std::string, ClassFigures> before, after;  // on the held-out part
};

// Writes the adapter, training.json (figures, split, options) and a card, README.md, into options.output. Throws
// Error{InvalidInput} for options and labels that make no sense (fewer than kFewestObjects objects on the raster, an output that
// is there already), Error{Unsupported} for a model of another family, what the readers of raster and labels throw, Error{Io}.
LayerTrainingResult trainFromLayer(const LayerTrainingOptions& options,
                                   const std::function<void(const LayerTrainingState&)>& report, const CancelToken& cancel);

}  // namespace orthoscribe::learn
