// SPDX-License-Identifier: GPL-2.0-or-later
// POST /v1/chat/completions: reads and checks the request, queues it, and answers whole or as an event stream. Runs on HTTP
// threads.
#pragma once

#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>

#include "core/engine/http/chat_request.h"
#include "core/engine/http/metrics.h"
#include "core/engine/http/model_worker.h"
#include "core/engine/http/request_queue.h"

namespace orthoscribe::engine::http {

struct ChatHandlerOptions {
  ChatLimits limits;
  std::size_t maxBodyBytes = 0;
  std::chrono::milliseconds heartbeat{5'000};  // longest silence in a stream
};

class ChatHandler {
 public:
  // Keeps the references. stopping: true once the server ends.
  ChatHandler(const ChatHandlerOptions& options, RequestQueue& queue, const ModelWorker& worker, Metrics& metrics,
              std::function<bool()> stopping);

  // Throws Error where the request is to blame and nothing was sent yet.
  void handle(const httplib::Request& request, httplib::Response& response, const httplib::ContentReader& content) const;

 private:
  enum class Wait { Event, Silence, ClientGone };
  using GoneCheck = std::function<bool()>;

  std::string readBody(const httplib::Request& request, httplib::Response& response, const httplib::ContentReader& content) const;
  // Takes the adapter out of "base:adapter".
  void checkModelName(ChatRequest& request) const;
  // Waits in slices, so that a client that leaves is noticed. No patience: as long as it takes.
  Wait waitForEvent(ChatJob& job, const GoneCheck& clientGone, std::chrono::milliseconds patience, JobEvent& event) const;
  void answerWhole(const std::shared_ptr<ChatJob>& job, const GoneCheck& clientGone, httplib::Response& response) const;
  void answerInStream(const std::shared_ptr<ChatJob>& job, const GoneCheck& clientGone, httplib::Response& response) const;
  bool continueStream(class AnswerStream& stream, httplib::DataSink& sink) const;
  void abandon(const std::shared_ptr<ChatJob>& job) const;
  std::string modelName(const ChatRequest& request) const;

  ChatHandlerOptions options_;
  RequestQueue& queue_;
  const ModelWorker& worker_;
  Metrics& metrics_;
  std::function<bool()> stopping_;
};

}  // namespace orthoscribe::engine::http
