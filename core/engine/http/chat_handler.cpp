// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/chat_handler.h"

#include <algorithm>
#include <utility>

#include "core/engine/http/answer_stream.h"
#include "core/engine/http/chat_response.h"
#include "core/engine/http/error_answer.h"
#include "core/engine/http/field_error.h"

namespace orthoscribe::engine::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSlice{50};  // how late a client that went away may be noticed
// Never sent: nobody is there. What others use for it in logs and counters.
constexpr int kClientClosed = 499;

Error stoppingError() {
  return {ErrorCode::Unavailable, "the engine is stopping", "start it again and repeat the request"};
}

bool offers(const ModelInfo& info, const std::string& adapter) {
  return std::find(info.offeredAdapters.begin(), info.offeredAdapters.end(), adapter) != info.offeredAdapters.end();
}

std::string offeredBy(const ModelInfo& info) {
  std::string names = "none";
  for (const std::string& name : info.offeredAdapters) names += ", " + name;
  return names;
}

}  // namespace

ChatHandler::ChatHandler(const ChatHandlerOptions& options, RequestQueue& queue, const ModelWorker& worker, Metrics& metrics,
                         std::function<bool()> stopping)
    : options_(options), queue_(queue), worker_(worker), metrics_(metrics), stopping_(std::move(stopping)) {}

std::string ChatHandler::readBody(const httplib::Request& request, httplib::Response& response,
                                  const httplib::ContentReader& content) const {
  std::string body;
  bool tooLarge = false;
  if (request.is_multipart_form_data()) {
    throw Error(ErrorCode::InvalidInput, "the body is multipart form data", "send JSON as application/json");
  }
  const bool whole = content([&](const char* data, std::size_t size) {
    tooLarge = size > options_.maxBodyBytes - body.size();
    if (!tooLarge) body.append(data, size);
    return !tooLarge;
  });
  if (tooLarge || response.status == httplib::StatusCode::PayloadTooLarge_413) {
    setError(response, {.status = 413,
                        .code = "body_too_large",
                        .message = "the body is larger than " + std::to_string(options_.maxBodyBytes) +
                                   " bytes (send fewer or smaller images)",
                        .field = {}});
    return {};
  }
  if (!whole) throw Error(ErrorCode::InvalidInput, "the body did not arrive whole or in time", "send it again");
  response.status = -1;
  return body;
}

void ChatHandler::checkModelName(ChatRequest& request) const {
  const auto info = worker_.info();
  if (!info) return;
  const bool offered =
      request.options.adapter.empty() || request.options.adapter == "none" || offers(*info, request.options.adapter);
  if (!offered) {
    throw FieldError("orthoscribe.adapter", "names \"" + request.options.adapter + "\", which is not loaded here",
                     "loaded are: " + offeredBy(*info), ErrorCode::NotFound);
  }
  if (request.model.empty() || request.model == info->name) return;
  const std::string adapter = request.model.starts_with(info->name + ":") ? request.model.substr(info->name.size() + 1) : "";
  if (adapter.empty() || !offers(*info, adapter)) {
    throw FieldError("model", "\"" + request.model + "\" is not served here", "ask for \"" + info->name + "\"",
                     ErrorCode::NotFound);
  }
  if (!request.options.adapter.empty() && request.options.adapter != adapter)
    throw FieldError("orthoscribe.adapter", "is another adapter than the model's name says", "name it once");
  request.options.adapter = adapter;
}

std::string ChatHandler::modelName(const ChatRequest& request) const {
  const auto info = worker_.info();
  return info && request.model.empty() ? info->name : request.model;
}

void ChatHandler::abandon(const std::shared_ptr<ChatJob>& job) const {
  queue_.remove(job);
  job->cancel();
  metrics_.countCancelled();
}

ChatHandler::Wait ChatHandler::waitForEvent(ChatJob& job, const GoneCheck& clientGone, milliseconds patience,
                                            JobEvent& event) const {
  const bool endless = patience == milliseconds::zero();
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (auto next = job.next(kSlice)) {
      event = std::move(*next);
      return Wait::Event;
    }
    if (stopping_()) {
      event = stoppingError();
      return Wait::Event;
    }
    if (clientGone()) return Wait::ClientGone;
    if (!endless && std::chrono::steady_clock::now() >= deadline) return Wait::Silence;
  }
}

void ChatHandler::handle(const httplib::Request& request, httplib::Response& response,
                         const httplib::ContentReader& content) const {
  const std::string body = readBody(request, response, content);
  if (response.status == httplib::StatusCode::PayloadTooLarge_413) return;
  ChatRequest chat = parseChatRequest(body, options_.limits);
  checkModelName(chat);
  const auto job = std::make_shared<ChatJob>(std::move(chat));
  queue_.push(job);
  if (job->request().stream) {
    answerInStream(job, request.is_connection_closed, response);
  } else {
    answerWhole(job, request.is_connection_closed, response);
  }
}

void ChatHandler::answerWhole(const std::shared_ptr<ChatJob>& job, const GoneCheck& clientGone,
                              httplib::Response& response) const {
  JobEvent event;
  if (waitForEvent(*job, clientGone, milliseconds::zero(), event) == Wait::ClientGone) {
    abandon(job);
    response.status = kClientClosed;
    return;
  }
  if (const auto* error = std::get_if<Error>(&event)) throw *error;
  const Reply& reply = std::get<Reply>(event);
  if (reply.stopReason == StopReason::Cancelled) throw stoppingError();
  const auto header = newAnswer(modelName(job->request()), job->request().options.logProbabilities, false);
  response.set_content(wholeAnswer(header, reply), "application/json");
}

void ChatHandler::answerInStream(const std::shared_ptr<ChatJob>& job, const GoneCheck& clientGone,
                                 httplib::Response& response) const {
  // What fails before the first token is still told by the status.
  JobEvent first;
  const Wait waited = waitForEvent(*job, clientGone, options_.heartbeat, first);
  if (waited == Wait::ClientGone) {
    abandon(job);
    response.status = kClientClosed;
    return;
  }
  if (const auto* error = std::get_if<Error>(&first)) throw *error;
  std::optional<JobEvent> held;
  if (waited == Wait::Event) held = std::move(first);

  const ChatRequest& request = job->request();
  const auto stream = std::make_shared<AnswerStream>(
      job, newAnswer(modelName(request), request.options.logProbabilities, request.includeUsage), std::move(held));
  response.set_header("Cache-Control", "no-cache");
  // No character set after the type: cpp-httplib would compress the stream, and hold it back.
  response.set_chunked_content_provider(
      "text/event-stream",
      [this, stream](std::size_t /*offset*/, httplib::DataSink& sink) { return continueStream(*stream, sink); },
      [this, stream](bool /*success*/) {
        if (!stream->finished()) abandon(stream->job());
      });
}

bool ChatHandler::continueStream(AnswerStream& stream, httplib::DataSink& sink) const {
  if (!stream.writeStart(sink)) return false;
  if (const auto held = stream.takeHeld()) return stream.write(sink, *held);
  JobEvent event;
  switch (waitForEvent(*stream.job(), [&sink] { return !sink.is_writable(); }, options_.heartbeat, event)) {
    case Wait::Event:
      return stream.write(sink, event);
    case Wait::Silence:
      return stream.writeHeartbeat(sink);
    case Wait::ClientGone:
      return false;
  }
  return false;
}

}  // namespace orthoscribe::engine::http
