// SPDX-License-Identifier: GPL-2.0-or-later
// An answer as server-sent events, written to cpp-httplib's sink event by event.
#pragma once

#include <httplib.h>

#include <memory>
#include <optional>
#include <string_view>
#include <utility>

#include "core/engine/http/chat_job.h"
#include "core/engine/http/chat_response.h"

namespace orthoscribe::engine::http {

class AnswerStream {
 public:
  // held: an event that was waited for before the stream began.
  AnswerStream(std::shared_ptr<ChatJob> job, AnswerHeader header, std::optional<JobEvent> held)
      : job_(std::move(job)), header_(std::move(header)), held_(std::move(held)) {}

  const std::shared_ptr<ChatJob>& job() const { return job_; }
  // The event that was given to the constructor, once.
  std::optional<JobEvent> takeHeld();
  // True once the last event was written whole.
  bool finished() const { return finished_; }

  // Each returns false when the client no longer takes it.
  bool writeStart(httplib::DataSink& sink);
  bool writeHeartbeat(httplib::DataSink& sink);
  // Ends the stream after a Reply or an Error.
  bool write(httplib::DataSink& sink, const JobEvent& event);

 private:
  bool writeData(httplib::DataSink& sink, std::string_view data);
  bool writeReply(httplib::DataSink& sink, const Reply& reply);
  bool writeError(httplib::DataSink& sink, const Error& error);

  std::shared_ptr<ChatJob> job_;
  AnswerHeader header_;
  std::optional<JobEvent> held_;
  bool started_ = false;
  bool finished_ = false;
};

}  // namespace orthoscribe::engine::http
