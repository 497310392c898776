// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/http_model.h"

#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/client/answer_reader.h"
#include "core/client/chat_body.h"
#include "core/client/endpoint_url.h"
#include "core/client/event_stream_parser.h"
#include "core/client/http_exchange.h"
#include "core/client/model_list_reader.h"
#include "core/client/server_error.h"

namespace orthoscribe::client {
namespace {

constexpr std::size_t kMostListBytes = 16u << 20;

// More than any honest answer takes, token probabilities and their alternatives included.
std::size_t mostAnswerBytes(const GenerationOptions& options) {
  constexpr std::size_t kPerToken = 16u << 10;
  return (4u << 20) + kPerToken * static_cast<std::size_t>(options.maxNewTokens > 0 ? options.maxNewTokens : 0);
}

// Reads the response of one chat, as a stream or in one piece, whichever the server chose.
class AnswerBody {
 public:
  AnswerBody(AnswerReader& reader, std::string server, std::size_t mostBytes)
      : reader_(reader),
        server_(std::move(server)),
        mostBytes_(mostBytes),
        events_([this](std::string_view data) { return reader_.readChunk(data); }) {}

  bool take(const ResponseHead& head, std::string_view bytes) {
    taken_ += bytes.size();
    if (taken_ > mostBytes_) throw protocolError(server_, "its answer does not end");
    if (head.contentType == "text/event-stream") return events_.feed(bytes);
    if (head.contentType != "application/json")
      throw protocolError(server_, "its answer is of type \"" + head.contentType + "\"");
    whole_ += bytes;
    return true;
  }

  void finish() {
    if (!whole_.empty()) {
      reader_.readWhole(whole_);
    } else if (!reader_.complete()) {
      events_.finish();
    }
    if (!reader_.complete()) {
      throw Error(ErrorCode::Unavailable, server_ + " broke off before its answer was whole", "try again");
    }
  }

 private:
  AnswerReader& reader_;
  std::string server_;
  std::size_t mostBytes_;
  EventStreamParser events_;
  std::string whole_;
  std::size_t taken_ = 0;
};

class HttpModel final : public VisionLanguageModel {
 public:
  explicit HttpModel(EndpointOptions options) : options_(std::move(options)), url_(parseEndpointUrl(options_.url)) {}

  Reply chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
             const CancelToken& cancel) override {
    AnswerReader reader(url_.text(), options, onToken);
    const auto cancelledReply = [&reader] {
      Reply reply = reader.takeReply();
      reply.stopReason = StopReason::Cancelled;
      return reply;
    };
    const auto model = nameOfModel(cancel);
    if (!model) return cancelledReply();
    AnswerBody body(reader, url_.text(), mostAnswerBytes(options));
    const auto onBody = [&body](const ResponseHead& head, std::string_view bytes) { return body.take(head, bytes); };
    GenerationOptions own = options;
    if (own.adapter.empty()) own.adapter = options_.adapter;
    const Exchange request{.path = "/v1/chat/completions", .body = chatBody(*model, messages, own)};
    if (!exchange(options_, url_, request, onBody, cancel)) return cancelledReply();
    body.finish();
    return reader.takeReply();
  }

  ModelInfo info() override { return *askForInfo({}); }

 private:
  // Nothing when cancelled.
  std::optional<ModelInfo> askForInfo(const CancelToken& cancel) {
    std::string body;
    const auto onBody = [&](const ResponseHead& /*head*/, std::string_view bytes) {
      body += bytes;
      if (body.size() > kMostListBytes) throw protocolError(url_.text(), "its list of models does not end");
      return true;
    };
    if (!exchange(options_, url_, {.path = "/v1/models", .body = {}}, onBody, cancel)) return std::nullopt;
    ModelInfo info = readModelList(body, options_.model, url_.text());
    if (!options_.adapter.empty()) info.adapters = {options_.adapter};
    return info;
  }

  std::optional<std::string> nameOfModel(const CancelToken& cancel) {
    if (!options_.model.empty()) return options_.model;
    {
      const std::lock_guard lock(mutex_);
      if (!firstModel_.empty()) return firstModel_;
    }
    const auto info = askForInfo(cancel);
    if (!info) return std::nullopt;
    const std::lock_guard lock(mutex_);
    firstModel_ = info->name;
    return firstModel_;
  }

  const EndpointOptions options_;
  const EndpointUrl url_;
  std::mutex mutex_;
  std::string firstModel_;
};

}  // namespace

std::unique_ptr<VisionLanguageModel> makeHttpModel(const EndpointOptions& options) {
  return std::make_unique<HttpModel>(options);
}

}  // namespace orthoscribe::client
