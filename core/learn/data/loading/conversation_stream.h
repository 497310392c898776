// SPDX-License-Identifier: GPL-2.0-or-later
// The samples of a loader one after another, read and decoded ahead in a thread of its own.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "core/learn/data/loading/conversation_loader.h"
#include "core/learn/data/prefetch.h"

namespace orthoscribe::learn {

class ConversationStream {
 public:
  // first: the state of an earlier stream, or 0. Samples up to `ahead` are ready before they are asked for.
  ConversationStream(std::unique_ptr<ConversationLoader> loader, std::int64_t first, std::size_t ahead = 8);

  // The next sample that is not bad. Rethrows what the loader throws.
  LoadedSample next();
  // Number of the sample that comes next: all that a checkpoint has to keep.
  std::int64_t state() const { return next_; }
  std::int64_t epochSize() const { return loader_->epochSize(); }
  // What was passed over among the samples given so far, in words; empty: nothing.
  const std::string& skipped() const { return skipped_; }

 private:
  struct Read {
    std::optional<LoadedSample> sample;
    std::string skipped;
  };
  std::unique_ptr<ConversationLoader> loader_;  // used by the thread alone, but for its size
  std::int64_t next_;
  std::string skipped_;
  Prefetch<Read> prefetch_;  // last: its thread uses the rest
};

}  // namespace orthoscribe::learn
