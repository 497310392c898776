// SPDX-License-Identifier: GPL-2.0-or-later
// A model as it was, of which one hears besides which experts it used: for a task that asks it once or a thousand times.
#pragma once

#include <mutex>

#include "core/base/vision_language_model.h"

namespace orthoscribe {

class RoutingRecorder final : public VisionLanguageModel {
 public:
  // Keeps the reference.
  explicit RoutingRecorder(VisionLanguageModel& model) : model_(model) {}

  Reply chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
             const CancelToken& cancel) override;
  ModelInfo info() override { return model_.info(); }

  // Of all replies so far.
  RoutingStatistics statistics() const;

 private:
  VisionLanguageModel& model_;
  mutable std::mutex mutex_;
  RoutingStatistics sum_;
};

// Adds what routers did in `more`, each by its place and weighted by its number of choices.
void addRouting(RoutingStatistics& sum, const RoutingStatistics& more);

}  // namespace orthoscribe
