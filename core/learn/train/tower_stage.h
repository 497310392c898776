// SPDX-License-Identifier: GPL-2.0-or-later
// First stage: the vision tower learns from scenes, attributes and boxes, without any text.
#pragma once

#include <array>
#include <vector>

#include "core/learn/data/survey.h"
#include "core/learn/train/starter_model.h"
#include "core/learn/train/training_loop.h"

namespace orthoscribe::learn {

// The run's first part sees small and shrunken views: a fraction of the cost, and the tower does not care about the size.
struct TowerPhase {
  double until = 1;  // share of the run
  int side = 256;    // of the views in pixels; never more than the model's
  double mixShare = 0;
};
inline constexpr std::array<TowerPhase, 3> kTowerPhases = {{{0.5, 128, 0.5}, {0.78, 192, 0.5}, {1.0, 256, 0.2}}};

struct TowerOptions {
  LoopOptions loop;
  OptimizerOptions optimizer;
  std::vector<TowerPhase> phases = {kTowerPhases.begin(), kTowerPhases.end()};  // the last one until 1
  std::uint64_t seed = 1;
  int batch = 16;
  double boxShare = 0.4;  // of the batch, drawn from pictures with boxes
  torch::Device device = torch::kCPU;
  at::ScalarType dtype = at::kBFloat16;
};

LoopResult trainTower(StarterModel& starter, const Survey& survey, const TowerOptions& options,
                      const std::function<void(const std::string&)>& report, const ProgressCallback& progress,
                      const CancelToken& cancel);

// Share of held-out scenes named rightly by the tower's own head, and its AP_nc for each class when every object above
// `minimumScore` is said.
Figures measureTower(const StarterModel& starter, const std::vector<Sample>& samples, const TowerOptions& options,
                     double minimumScore);

}  // namespace orthoscribe::learn
