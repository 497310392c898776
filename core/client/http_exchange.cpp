// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/http_exchange.h"

#include <httplib.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <exception>
#include <mutex>

#include "core/base/error.h"
#include "core/client/server_error.h"

namespace orthoscribe::client {
namespace {

constexpr std::size_t kMostErrorBytes = 64u << 10;

// A second handle to the connection's socket. Shutting it down wakes whatever waits on the first one, connecting included, and
// cannot hit a stranger when cpp-httplib has closed its own and the number is used again.
class SocketHandle {
 public:
  SocketHandle() = default;
  ~SocketHandle() { replace(-1); }
  SocketHandle(const SocketHandle&) = delete;
  SocketHandle& operator=(const SocketHandle&) = delete;

  void watch(int socket) {
    const std::lock_guard lock(mutex_);
    replace(dup(socket));
  }
  void shutdown() {
    const std::lock_guard lock(mutex_);
    if (socket_ >= 0) ::shutdown(socket_, SHUT_RDWR);
  }

 private:
  void replace(int socket) {
    if (socket_ >= 0) ::close(socket_);
    socket_ = socket;
  }

  std::mutex mutex_;
  int socket_ = -1;
};

ResponseHead headOf(const httplib::Response& response) {
  std::string type = response.get_header_value("Content-Type");
  type.erase(std::min(type.find(';'), type.size()));
  while (type.ends_with(' ')) type.pop_back();
  std::transform(type.begin(), type.end(), type.begin(), [](unsigned char character) { return std::tolower(character); });
  return {.status = response.status, .contentType = type};
}

Error unreachable(const EndpointUrl& url, httplib::Error error) {
  using httplib::Error::Connection;
  using httplib::Error::ConnectionTimeout;
  const std::string why = httplib::to_string(error);
  switch (error) {
    case Connection:
    case ConnectionTimeout:
      return {ErrorCode::Unavailable, "cannot reach " + url.text() + ": " + why,
              "check that the server runs and that the URL is right"};
    case httplib::Error::SSLConnection:
    case httplib::Error::SSLLoadingCerts:
    case httplib::Error::SSLServerVerification:
    case httplib::Error::SSLServerHostnameVerification:
      return {ErrorCode::Unavailable, "cannot speak to " + url.text() + " securely: " + why,
              "check the server's certificate, or use http:// if it has none"};
    default:
      return {ErrorCode::Unavailable, url.text() + " broke off before its answer was whole: " + why, "try again"};
  }
}

// Collects what one exchange brings; cpp-httplib calls it while it reads.
class Reception {
 public:
  Reception(const OnBody& onBody, const CancelToken& cancel) : onBody_(onBody), cancel_(cancel) {}

  bool begin(const httplib::Response& response) {
    head_ = headOf(response);
    return !cancel_.cancelled();
  }

  bool take(std::string_view bytes) {
    if (cancel_.cancelled()) return false;
    if (head_.status != 200) {
      errorBody_ += bytes.substr(0, kMostErrorBytes - errorBody_.size());
      return errorBody_.size() < kMostErrorBytes;
    }
    try {
      enough_ = !onBody_(head_, bytes);
    } catch (...) {
      // Not through cpp-httplib, which is not made for it.
      thrown_ = std::current_exception();
    }
    return !enough_ && !thrown_;
  }

  const ResponseHead& head() const { return head_; }
  const std::string& errorBody() const { return errorBody_; }
  bool enough() const { return enough_; }
  void rethrow() const {
    if (thrown_) std::rethrow_exception(thrown_);
  }

 private:
  const OnBody& onBody_;
  const CancelToken& cancel_;
  ResponseHead head_;
  std::string errorBody_;
  bool enough_ = false;
  std::exception_ptr thrown_;
};

httplib::Request requestOf(const EndpointOptions& options, const EndpointUrl& url, const Exchange& exchange,
                           Reception& reception) {
  httplib::Request request;
  request.method = exchange.body.empty() ? "GET" : "POST";
  request.path = url.prefix + exchange.path;
  request.set_header("Accept", exchange.body.empty() ? "application/json" : "text/event-stream, application/json");
  if (!options.token.empty()) request.set_header("Authorization", "Bearer " + options.token);
  if (!exchange.body.empty()) {
    request.set_header("Content-Type", "application/json");
    request.body = exchange.body;
  }
  request.response_handler = [&reception](const httplib::Response& response) { return reception.begin(response); };
  request.content_receiver = [&reception](const char* data, std::size_t size, std::uint64_t /*offset*/, std::uint64_t /*total*/) {
    return reception.take({data, size});
  };
  return request;
}

}  // namespace

bool exchange(const EndpointOptions& options, const EndpointUrl& url, const Exchange& request, const OnBody& onBody,
              const CancelToken& cancel) {
  if (cancel.cancelled()) return false;
  SocketHandle handle;
  httplib::Client client(url.origin);
  client.set_connection_timeout(options.connectTimeoutS);
  client.set_read_timeout(options.readTimeoutS);
  client.set_write_timeout(options.readTimeoutS);
  client.set_tcp_nodelay(true);
  client.set_socket_options([&handle](socket_t socket) { handle.watch(socket); });
  const auto wake = cancel.onCancel([&handle] { handle.shutdown(); });

  Reception reception(onBody, cancel);
  httplib::Request httpRequest = requestOf(options, url, request, reception);
  httplib::Response response;
  httplib::Error error = httplib::Error::Success;
  const bool whole = client.send(httpRequest, response, error);
  if (cancel.cancelled()) return false;
  reception.rethrow();
  // A response without a body, as 204 is, never reaches the reception.
  const int status = whole && reception.head().status == 0 ? response.status : reception.head().status;
  if (status != 0 && status != 200) throw errorFromServer(status, reception.errorBody(), url.text());
  if (!whole && !reception.enough()) throw unreachable(url, error);
  return true;
}

}  // namespace orthoscribe::client
