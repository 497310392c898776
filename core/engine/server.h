// SPDX-License-Identifier: GPL-2.0-or-later
// OpenAI's chat completions over HTTP, in front of one model. HTTP threads parse and format, one thread owns the model; between
// them stand typed queues.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"

namespace orthoscribe::engine {

struct ServerOptions {
  std::string host = "127.0.0.1";
  int port = 0;                              // 0: any free one
  std::string token;                         // bearer token; must not be empty
  std::size_t maxBodyBytes = 64u << 20;      // 413 above
  std::int64_t maxImagePixels = 50'000'000;  // of all images of a request together; 400 above
  int maxImages = 16;
  int maxQueue = 16;   // waiting requests; 503 above
  int heartbeatS = 5;  // longest silence in a stream, broken by a comment
  int keepAliveS = 15;
  int readTimeoutS = 20;   // for a request to arrive, and a second more for each 64 KiB received
  int writeTimeoutS = 20;  // for a client to take what is sent
};

// Makes the model. Called once, on the thread that will own it.
using ModelLoader = std::function<std::unique_ptr<VisionLanguageModel>()>;

class Server {
 public:
  // Binds at once, so that port() is known. Throws Error{Io} when it cannot, Error{InvalidInput} for an empty token.
  // The model must outlive the server.
  Server(VisionLanguageModel& model, const ServerOptions& options);
  // The same with a model that is loaded once run() listens: until then /health says "loading", chats wait, and /v1/models
  // answers 503.
  Server(ModelLoader load, const ServerOptions& options);
  // Waits for the model to notice that it is cancelled, and for one that is still being loaded.
  ~Server();

  int port() const;
  // Serves until stop() or the token is cancelled. Requests under way are cancelled then. Once only.
  // Throws what the loader threw.
  void run(const CancelToken& cancel);
  // Thread-safe; does not wait.
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace orthoscribe::engine
