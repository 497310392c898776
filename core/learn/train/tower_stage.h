// SPDX-License-Identifier: GPL-2.0-or-later
// First stage: the vision tower learns from scenes, attributes and boxes, without any text.
#pragma once

#include "core/learn/train/decoder_stage.h"

namespace orthoscribe::learn {

// The first part of the run sees smaller views: half the cost, and the tower does not care about the size.
inline constexpr double kSmallViewShare = 0.75;
inline constexpr int kSmallViewSidePx = 192;

LoopResult trainTower(StarterModel& starter, const Survey& survey, const StageOptions& options,
                      const std::function<void(const std::string&)>& report, const ProgressCallback& progress,
                      const CancelToken& cancel);

// Share of held-out scenes named rightly by the tower's own head, and its AP_nc for each class when every object above
// `minimumScore` is said.
Figures measureTower(const StarterModel& starter, const std::vector<Sample>& samples, const StageOptions& options,
                     double minimumScore);

}  // namespace orthoscribe::learn
