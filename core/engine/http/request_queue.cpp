// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/request_queue.h"

#include <algorithm>
#include <string>
#include <utility>

namespace orthoscribe::engine::http {
namespace {

Error stopping() {
  return {ErrorCode::Unavailable, "the engine is stopping", "start it again and repeat the request"};
}

}  // namespace

void RequestQueue::push(std::shared_ptr<ChatJob> job) {
  {
    const std::lock_guard lock(mutex_);
    if (closed_) throw stopping();
    if (waiting_.size() >= capacity_) {
      throw Error(ErrorCode::Unavailable, "the queue is full: " + std::to_string(waiting_.size()) + " requests wait already",
                  "try again a little later");
    }
    waiting_.push_back(std::move(job));
  }
  changed_.notify_one();
}

std::shared_ptr<ChatJob> RequestQueue::pop() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || !waiting_.empty(); });
  if (closed_) return nullptr;
  auto job = std::move(waiting_.front());
  waiting_.pop_front();
  return job;
}

bool RequestQueue::remove(const std::shared_ptr<ChatJob>& job) {
  const std::lock_guard lock(mutex_);
  return std::erase(waiting_, job) > 0;
}

void RequestQueue::close() {
  std::deque<std::shared_ptr<ChatJob>> left;
  {
    const std::lock_guard lock(mutex_);
    closed_ = true;
    left.swap(waiting_);
  }
  changed_.notify_all();
  for (const auto& job : left) job->publish(stopping());
}

std::size_t RequestQueue::size() const {
  const std::lock_guard lock(mutex_);
  return waiting_.size();
}

}  // namespace orthoscribe::engine::http
