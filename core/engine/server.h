// SPDX-License-Identifier: GPL-2.0-or-later
// OpenAI's chat completions over HTTP, in front of one model. HTTP threads parse and format, one thread owns the model; between
// them stand typed queues.
#pragma once

#include <cstddef>
#include <cstdint>
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
  std::int64_t maxImagePixels = 50'000'000;  // 400 above
  int maxImages = 16;
  int maxQueue = 16;  // waiting requests; 503 above
};

class Server {
 public:
  // Binds at once, so that port() is known. Throws Error{Io} when it cannot, Error{InvalidInput} for an empty token.
  Server(VisionLanguageModel& model, const ServerOptions& options);
  ~Server();

  int port() const;
  // Serves until stop() or the token is cancelled. Requests under way are cancelled then.
  void run(const CancelToken& cancel);
  void stop();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace orthoscribe::engine
