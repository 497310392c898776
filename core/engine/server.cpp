// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/server.h"

#include <algorithm>
#include <chrono>
#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/engine/http/admission.h"
#include "core/engine/http/chat_handler.h"
#include "core/engine/http/error_answer.h"
#include "core/engine/http/field_error.h"
#include "core/engine/http/listener.h"
#include "core/engine/http/metrics.h"
#include "core/engine/http/model_list.h"
#include "core/engine/http/model_worker.h"
#include "core/engine/http/request_queue.h"

namespace orthoscribe::engine {
namespace {

using httplib::Request;
using httplib::Response;
using std::chrono::seconds;

http::ConnectionLimits connectionLimits(const ServerOptions& options) {
  return {.keepAlive = seconds(options.keepAliveS),
          .readGrace = seconds(options.readTimeoutS),
          .writePatience = seconds(options.writeTimeoutS)};
}

http::ChatHandlerOptions chatOptions(const ServerOptions& options) {
  return {.limits = {.maxImagePixels = options.maxImagePixels, .maxImages = options.maxImages},
          .maxBodyBytes = options.maxBodyBytes,
          .heartbeat = seconds(options.heartbeatS)};
}

// Each waiting client holds a thread; others must still get through to be told that the queue is full.
std::size_t threadsFor(const ServerOptions& options) {
  return 2 * static_cast<std::size_t>(std::max(options.maxQueue, 0)) + 32;
}

http::ErrorAnswer answerForException(const std::exception_ptr& thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    return http::answerFor(error);
  } catch (const std::exception& error) {
    return http::answerFor(Error(ErrorCode::Internal, std::string("the server failed: ") + error.what()));
  }
}

// Bodies of the errors that cpp-httplib finds itself: a request that is no HTTP, a URL that is too long.
void explainStatus(const Request& /*request*/, Response& response) {
  if (!response.body.empty()) return;
  http::setError(response,
                 {.status = response.status,
                  .code = "bad_request",
                  .message = std::string("the request cannot be understood: ") + httplib::status_message(response.status),
                  .field = {}});
}

}  // namespace

struct Server::Impl {
  Impl(http::ModelWorker::Loader modelLoader, const ServerOptions& options)
      : load(std::move(modelLoader)),
        admission(options.token, options.maxBodyBytes),
        queue(static_cast<std::size_t>(std::max(options.maxQueue, 0))),
        listener(connectionLimits(options), threadsFor(options)),
        worker(queue, metrics),
        chat(chatOptions(options), queue, worker, metrics, [this] { return listener.stopping(); }) {
    if (options.token.empty()) {
      throw Error(ErrorCode::InvalidInput, "the server's token is empty", "give a bearer token of at least one character");
    }
    listener.set_payload_max_length(options.maxBodyBytes);
    addRoutes();
    port = listener.open(options.host, options.port);
  }

  void addRoutes() {
    using HandlerResponse = httplib::Server::HandlerResponse;
    listener.set_pre_routing_handler([this](const Request& request, Response& response) {
      return admission.admit(request, response) ? HandlerResponse::Unhandled : HandlerResponse::Handled;
    });
    listener.set_exception_handler([](const Request& /*request*/, Response& response, const std::exception_ptr& thrown) {
      http::setError(response, answerForException(thrown));
    });
    listener.set_error_handler(explainStatus);
    listener.set_logger([this](const Request& /*request*/, const Response& response) { metrics.countResponse(response.status); });
    listener.Get("/health", [this](const Request& /*request*/, Response& response) { health(response); });
    listener.Get("/metrics", [this](const Request& /*request*/, Response& response) {
      const http::Gauges gauges{.queueLength = queue.size(), .modelReady = worker.info().has_value(), .modelBusy = worker.busy()};
      response.set_content(metrics.text(gauges), "text/plain; version=0.0.4; charset=utf-8");
    });
    listener.Get("/v1/models", [this](const Request& /*request*/, Response& response) {
      response.set_content(http::modelList(loadedModel(), createdS), "application/json");
    });
    listener.Get("/v1/models/:name", [this](const Request& request, Response& response) { oneModel(request, response); });
    listener.Post("/v1/chat/completions",
                  [this](const Request& request, Response& response, const httplib::ContentReader& content) {
                    chat.handle(request, response, content);
                  });
  }

  void health(Response& response) const {
    const char* status = worker.failure() ? "failed" : worker.info() ? "ready" : "loading";
    response.set_content(nlohmann::json{{"status", status}}.dump(), "application/json");
  }

  void oneModel(const Request& request, Response& response) const {
    const ModelInfo info = loadedModel();
    const std::string& name = request.path_params.at("name");
    const auto entry = http::modelEntry(info, name, createdS);
    if (!entry) {
      throw http::FieldError("model", "\"" + name + "\" is not served here", "ask for \"" + info.name + "\"",
                             ErrorCode::NotFound);
    }
    response.set_content(*entry, "application/json");
  }

  ModelInfo loadedModel() const {
    if (auto info = worker.info()) return *std::move(info);
    throw Error(ErrorCode::Unavailable, "the model is still being loaded", "try again a little later");
  }

  void stop() {
    listener.requestStop();
    worker.requestStop();
  }

  const http::ModelWorker::Loader load;
  const std::int64_t createdS = std::chrono::duration_cast<seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
  http::Admission admission;
  http::Metrics metrics;
  http::RequestQueue queue;
  http::Listener listener;
  http::ModelWorker worker;
  http::ChatHandler chat;
  int port = 0;
};

Server::Server(VisionLanguageModel& model, const ServerOptions& options)
    : impl_(std::make_unique<Impl>(
          // Shares nothing: the caller owns the model.
          [&model] { return std::shared_ptr<VisionLanguageModel>(std::shared_ptr<void>(), &model); }, options)) {}

Server::Server(ModelLoader load, const ServerOptions& options) : impl_(std::make_unique<Impl>(std::move(load), options)) {}

Server::~Server() = default;

int Server::port() const {
  return impl_->port;
}

void Server::run(const CancelToken& cancel) {
  const auto wake = cancel.onCancel([this] { impl_->stop(); });
  impl_->worker.start(impl_->load, [this] { impl_->stop(); });
  impl_->listener.serve();
  impl_->stop();
  if (const auto failure = impl_->worker.failure()) throw *failure;
}

void Server::stop() {
  impl_->stop();
}

}  // namespace orthoscribe::engine
