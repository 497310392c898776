// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/chat_job.h"

namespace orthoscribe::engine::http {

void ChatJob::publish(JobEvent event) {
  {
    const std::lock_guard lock(mutex_);
    events_.push_back(std::move(event));
  }
  published_.notify_one();
}

std::optional<JobEvent> ChatJob::next(std::chrono::milliseconds patience) {
  std::unique_lock lock(mutex_);
  if (!published_.wait_for(lock, patience, [this] { return !events_.empty(); })) return std::nullopt;
  JobEvent event = std::move(events_.front());
  events_.pop_front();
  return event;
}

}  // namespace orthoscribe::engine::http
