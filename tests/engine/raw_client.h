// SPDX-License-Identifier: GPL-2.0-or-later
// HTTP by hand over a socket, so that a test can be as rude as it likes.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orthoscribe::tests {

struct RawResponse {
  int status = 0;    // 0: none came
  std::string head;  // status line and headers
  std::string body;  // chunks joined
  bool closed = false;
};

class RawClient {
 public:
  // Connects to 127.0.0.1. Throws std::runtime_error.
  explicit RawClient(int port);
  ~RawClient();
  RawClient(RawClient&& other) noexcept : socket_(std::exchange(other.socket_, -1)), received_(std::move(other.received_)) {}
  RawClient& operator=(RawClient&&) = delete;

  // False when the server no longer takes it.
  bool send(std::string_view bytes);
  // Reads until what came holds the text, the server closes, or time is up. Returns all that came so far.
  std::string readUntil(std::string_view text, std::chrono::milliseconds patience = std::chrono::seconds(20));
  // One whole response, by its length or its chunks.
  RawResponse response(std::chrono::milliseconds patience = std::chrono::seconds(20));
  // True when the server closes within the patience.
  bool waitForClose(std::chrono::milliseconds patience);
  void close();

 private:
  // False: closed or time is up.
  bool receive(std::chrono::steady_clock::time_point deadline);

  int socket_ = -1;
  std::string received_;
  bool closed_ = false;
};

// A whole request with the headers given, Host and Content-Length.
std::string rawRequest(std::string_view method, std::string_view path, const std::vector<std::string>& headers,
                       std::string_view body = {});

}  // namespace orthoscribe::tests
