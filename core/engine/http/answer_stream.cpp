// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/answer_stream.h"

#include <string>

#include "core/engine/http/error_answer.h"

namespace orthoscribe::engine::http {

std::optional<JobEvent> AnswerStream::takeHeld() {
  return std::exchange(held_, std::nullopt);
}

bool AnswerStream::writeData(httplib::DataSink& sink, std::string_view data) {
  const std::string event = "data: " + std::string(data) + "\n\n";
  return sink.write(event.data(), event.size());
}

bool AnswerStream::writeStart(httplib::DataSink& sink) {
  return std::exchange(started_, true) || writeData(sink, roleChunk(header_));
}

bool AnswerStream::writeHeartbeat(httplib::DataSink& sink) {
  constexpr std::string_view kComment = ": waiting\n\n";
  return sink.write(kComment.data(), kComment.size());
}

bool AnswerStream::write(httplib::DataSink& sink, const JobEvent& event) {
  if (const auto* token = std::get_if<GeneratedToken>(&event)) {
    // A token inside a code point has nothing to say but its probability.
    return (token->text.empty() && !header_.logProbabilities) || writeData(sink, tokenChunk(header_, *token));
  }
  const auto* reply = std::get_if<Reply>(&event);
  finished_ = reply ? writeReply(sink, *reply) : writeError(sink, std::get<Error>(event));
  if (finished_) sink.done();
  return finished_;
}

bool AnswerStream::writeReply(httplib::DataSink& sink, const Reply& reply) {
  if (reply.stopReason == StopReason::Cancelled) {
    return writeError(sink, Error(ErrorCode::Cancelled, "the answer was cut short because the engine is stopping"));
  }
  return writeData(sink, finishChunk(header_, reply)) &&
         (!reply.routing || writeData(sink, routingChunk(header_, *reply.routing))) &&
         (!header_.includeUsage || writeData(sink, usageChunk(header_, reply.usage))) && writeData(sink, "[DONE]");
}

bool AnswerStream::writeError(httplib::DataSink& sink, const Error& error) {
  return writeData(sink, errorJson(answerFor(error)));
}

}  // namespace orthoscribe::engine::http
