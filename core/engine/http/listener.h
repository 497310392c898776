// SPDX-License-Identifier: GPL-2.0-or-later
// cpp-httplib's server over connections of ours: deadlines, no reuse of a connection whose request was not read to its end, and
// a stop that works at any time.
#pragma once

#include <httplib.h>

#include <atomic>
#include <cstddef>
#include <string>

#include "core/engine/http/connection.h"

namespace orthoscribe::engine::http {

class Listener final : public httplib::Server {
 public:
  explicit Listener(const ConnectionLimits& limits, std::size_t threads);
  ~Listener() override;

  // Binds and listens; port 0 is any free one. Returns the port. Throws Error{Io}.
  int open(const std::string& host, int port);
  // Accepts until requestStop; connections under way are ended by then.
  void serve();
  // Thread-safe, also before serve.
  void requestStop() { stopping_ = true; }
  bool stopping() const { return stopping_; }

 private:
  bool process_and_close_socket(socket_t socket) override;

  ConnectionLimits limits_;
  std::atomic<bool> stopping_{false};
};

}  // namespace orthoscribe::engine::http
