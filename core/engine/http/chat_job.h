// SPDX-License-Identifier: GPL-2.0-or-later
// One request on its way: an HTTP thread waits for its events, the model's thread publishes them.
#pragma once

#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>
#include <variant>

#include "core/base/cancel.h"
#include "core/base/error.h"
#include "core/base/vision_language_model.h"
#include "core/engine/http/chat_request.h"

namespace orthoscribe::engine::http {

// Tokens in order, then exactly one Reply or Error.
using JobEvent = std::variant<GeneratedToken, Reply, Error>;

class ChatJob {
 public:
  explicit ChatJob(ChatRequest request) : request_(std::move(request)) {}

  const ChatRequest& request() const { return request_; }
  std::chrono::steady_clock::time_point accepted() const { return accepted_; }

  // Thread-safe, all of them.
  void cancel() { cancel_.cancel(); }
  CancelToken cancelToken() const { return cancel_.token(); }
  void publish(JobEvent event);
  // The next event, or nothing when none comes within the patience.
  std::optional<JobEvent> next(std::chrono::milliseconds patience);

 private:
  const ChatRequest request_;
  const std::chrono::steady_clock::time_point accepted_ = std::chrono::steady_clock::now();
  CancelSource cancel_;
  std::mutex mutex_;
  std::condition_variable published_;
  std::deque<JobEvent> events_;
};

}  // namespace orthoscribe::engine::http
