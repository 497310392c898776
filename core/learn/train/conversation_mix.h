// SPDX-License-Identifier: GPL-2.0-or-later
// A stage's samples drawn from files of conversations.
#pragma once

#include <cstdint>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "core/learn/data/skip_report.h"
#include "core/learn/train/conversation_lessons.h"
#include "core/learn/train/train_config.h"

namespace orthoscribe::learn {

class ConversationMix : public SampleSource {
 public:
  // mix: names of datasets, "name*3" for three times, "name%25" for a quarter. Every epoch has an order of its own that follows
  // from the seed. Throws Error{NotFound} for files, Error{InvalidInput} for a mix that names nothing or holds no sample, and
  // when too many lines are bad.
  ConversationMix(const TrainConfig& config, const StageConfig& stage);

  std::int64_t epochSize() const override { return static_cast<std::int64_t>(entries_.size()); }
  std::optional<NumberedSample> load(std::int64_t number) override;

 private:
  struct Line {
    const Dataset* dataset;
    std::string where;
    Conversation conversation;
  };
  const std::vector<std::uint32_t>& orderOf(std::int64_t epoch);

  std::uint64_t seed_;
  SkipReport report_;
  std::set<std::string> told_;  // places of bad samples
  std::vector<Line> lines_;
  std::vector<std::uint32_t> entries_;  // index of a line, once for each time it is seen in an epoch
  std::vector<std::uint32_t> order_;
  std::int64_t orderedEpoch_ = -1;
};

}  // namespace orthoscribe::learn
