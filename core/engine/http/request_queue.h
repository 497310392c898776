// SPDX-License-Identifier: GPL-2.0-or-later
// The requests that wait for the model, in the order they came.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>

#include "core/engine/http/chat_job.h"

namespace orthoscribe::engine::http {

class RequestQueue {
 public:
  explicit RequestQueue(std::size_t capacity) : capacity_(capacity) {}

  // Thread-safe, all of them. push throws Error{Unavailable} when the queue is full or closed.
  void push(std::shared_ptr<ChatJob> job);
  // Blocks; null once the queue is closed.
  std::shared_ptr<ChatJob> pop();
  // True if the job was still waiting.
  bool remove(const std::shared_ptr<ChatJob>& job);
  // The jobs that wait end with Error{Unavailable}.
  void close();
  std::size_t size() const;

 private:
  const std::size_t capacity_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::shared_ptr<ChatJob>> waiting_;
  bool closed_ = false;
};

}  // namespace orthoscribe::engine::http
