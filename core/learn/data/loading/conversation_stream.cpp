// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/conversation_stream.h"

#include <utility>

namespace orthoscribe::learn {

ConversationStream::ConversationStream(std::unique_ptr<ConversationLoader> loader, std::int64_t first, std::size_t ahead)
    : loader_(std::move(loader)),
      next_(first),
      prefetch_(
          [this](std::int64_t number) {
            Read read;
            read.sample = loader_->load(number);
            read.skipped = loader_->report().summary();
            return read;
          },
          first, ahead) {}

LoadedSample ConversationStream::next() {
  while (true) {
    Read read = prefetch_.next();
    ++next_;
    skipped_ = std::move(read.skipped);
    if (read.sample) return std::move(*read.sample);
  }
}

}  // namespace orthoscribe::learn
