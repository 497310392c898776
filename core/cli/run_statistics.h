// SPDX-License-Identifier: GPL-2.0-or-later
// How long a run took, how much of that was the model, and how much memory it needed above the loaded model.
#pragma once

#include <chrono>
#include <memory>
#include <optional>

#include "core/base/vision_language_model.h"

namespace orthoscribe::cli {

// Passes everything on and adds up the time the model takes.
class TimedModel final : public VisionLanguageModel {
 public:
  explicit TimedModel(VisionLanguageModel& model) : model_(model) {}
  Reply chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
             const CancelToken& cancel) override;
  ModelInfo info() override { return model_.info(); }

  double seconds() const { return std::chrono::duration<double>(time_).count(); }
  std::int64_t tokens() const { return tokens_; }

 private:
  VisionLanguageModel& model_;
  std::chrono::steady_clock::duration time_{};
  std::int64_t tokens_ = 0;
};

class RunStatistics {
 public:
  // From now on; the peak of memory so far is forgotten.
  RunStatistics();
  double seconds() const;
  // Largest resident memory above that at the start; nothing where the system does not say.
  std::optional<double> peakMegabytes() const;

 private:
  std::chrono::steady_clock::time_point start_;
  std::optional<double> megabytesAtStart_;
};

}  // namespace orthoscribe::cli
