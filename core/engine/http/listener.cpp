// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/listener.h"

#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <functional>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::engine::http {
namespace {

constexpr std::size_t kRequestsPerConnection = 1000;
constexpr int kBacklog = 128;
constexpr std::size_t kMostWaiting = 1024;  // connections without a thread
constexpr std::chrono::milliseconds kStopCheck{20};

// cpp-httplib's pool, through which the accepting thread is told to stop: stopping it from elsewhere races with its own start.
class StoppablePool final : public httplib::TaskQueue {
 public:
  StoppablePool(std::size_t threads, std::function<bool()> stopIfAsked)
      : pool_(threads, kMostWaiting), stopIfAsked_(std::move(stopIfAsked)) {}

  bool enqueue(std::function<void()> task) override { return !stopIfAsked_() && pool_.enqueue(std::move(task)); }
  void shutdown() override { pool_.shutdown(); }
  void on_idle() override { stopIfAsked_(); }

 private:
  httplib::ThreadPool pool_;
  std::function<bool()> stopIfAsked_;
};

// Bytes of body that a request announces; nothing can be said of a chunked one.
struct AnnouncedBody {
  bool understood = false;
  bool chunked = false;
  std::size_t headBytes = 0;
  std::uint64_t bodyBytes = 0;

  bool wasReadWhole(std::size_t taken) const { return understood && !chunked && taken == headBytes + bodyBytes; }
};

}  // namespace

Listener::Listener(const ConnectionLimits& limits, std::size_t threads) : limits_(limits) {
  new_task_queue = [this, threads] {
    return new StoppablePool(threads, [this] {
      if (stopping_) stop();
      return stopping_.load();
    });
  };
  set_idle_interval(kStopCheck);
  set_keep_alive_timeout(std::chrono::duration_cast<std::chrono::seconds>(limits.keepAlive).count());
  set_keep_alive_max_count(kRequestsPerConnection);
  // cpp-httplib's own options would let a second process share the port.
  set_socket_options([](socket_t socket) {
    const int yes = 1;
    setsockopt(socket, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  });
}

Listener::~Listener() {
  const socket_t socket = svr_sock_.exchange(INVALID_SOCKET);
  if (socket != INVALID_SOCKET) ::close(socket);
}

int Listener::open(const std::string& host, int port) {
  const int bound = port == 0 ? bind_to_any_port(host) : (bind_to_port(host, port) ? port : -1);
  if (bound < 0) {
    throw Error(ErrorCode::Io, "cannot listen on " + host + (port == 0 ? "" : " port " + std::to_string(port)),
                "choose an address of this machine and a port that is free");
  }
  // Again, with room for more than cpp-httplib's five.
  ::listen(svr_sock_, kBacklog);
  return bound;
}

void Listener::serve() {
  if (stopping_) return;
  if (!listen_after_bind() && !stopping_) throw Error(ErrorCode::Io, "the server's socket failed");
}

bool Listener::process_and_close_socket(socket_t socket) {
  Connection connection(socket, limits_, stopping_);
  for (std::size_t left = kRequestsPerConnection; left > 0 && connection.awaitRequest(); --left) {
    AnnouncedBody body;
    bool closed = false;
    const bool answered = process_request(connection, "", 0, "", 0, left == 1, closed, [&](httplib::Request& request) {
      body = {.understood = true,
              .chunked = request.has_header("Transfer-Encoding"),
              .headBytes = connection.taken(),
              .bodyBytes = request.get_header_value_u64("Content-Length")};
    });
    if (!answered || closed) return false;
    // What follows would be taken for the next request.
    if (!body.wasReadWhole(connection.taken())) {
      connection.closeGently();
      return false;
    }
  }
  return true;
}

}  // namespace orthoscribe::engine::http
