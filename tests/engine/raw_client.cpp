// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/engine/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <stdexcept>

namespace orthoscribe::tests {
namespace {

using Clock = std::chrono::steady_clock;

// The chunks at the front of `bytes`, joined; consumed: their length with the last one, 0 while they are not whole.
std::string joinChunks(const std::string& bytes, std::size_t& consumed) {
  std::string joined;
  std::size_t at = 0;
  consumed = 0;
  for (;;) {
    const std::size_t end = bytes.find("\r\n", at);
    if (end == std::string::npos) return joined;
    const std::size_t size = std::strtoul(bytes.c_str() + at, nullptr, 16);
    if (bytes.size() < end + 2 + size + 2) return joined;
    joined += bytes.substr(end + 2, size);
    at = end + 2 + size + 2;
    if (size == 0) {
      consumed = at;
      return joined;
    }
  }
}

}  // namespace

RawClient::RawClient(int port) : socket_(socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<std::uint16_t>(port));
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    throw std::runtime_error("cannot connect to port " + std::to_string(port));
  }
}

RawClient::~RawClient() {
  close();
}

void RawClient::close() {
  if (socket_ >= 0) ::close(std::exchange(socket_, -1));
}

bool RawClient::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t count = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (count <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(count));
  }
  return true;
}

bool RawClient::receive(Clock::time_point deadline) {
  const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(deadline - Clock::now());
  pollfd entry{.fd = socket_, .events = POLLIN, .revents = 0};
  if (left.count() <= 0 || poll(&entry, 1, static_cast<int>(left.count())) <= 0) return false;
  char buffer[65536];
  const ssize_t count = recv(socket_, buffer, sizeof buffer, 0);
  closed_ = count <= 0;
  if (!closed_) received_.append(buffer, static_cast<std::size_t>(count));
  return !closed_;
}

std::string RawClient::readUntil(std::string_view text, std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  while (received_.find(text) == std::string::npos && receive(deadline)) {
  }
  return received_;
}

bool RawClient::waitForClose(std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  while (!closed_ && receive(deadline)) {
  }
  return closed_;
}

RawResponse RawClient::response(std::chrono::milliseconds patience) {
  const auto deadline = Clock::now() + patience;
  RawResponse response;
  readUntil("\r\n\r\n", patience);
  const std::size_t end = received_.find("\r\n\r\n");
  if (end == std::string::npos) {
    response.closed = closed_;
    return response;
  }
  response.head = received_.substr(0, end);
  received_.erase(0, end + 4);
  response.status = std::atoi(response.head.substr(std::min<std::size_t>(9, response.head.size())).c_str());
  const std::size_t length = response.head.find("Content-Length: ");
  if (length != std::string::npos) {
    const std::size_t size = std::strtoul(response.head.c_str() + length + 16, nullptr, 10);
    while (received_.size() < size && receive(deadline)) {
    }
    response.body = received_.substr(0, size);
    received_.erase(0, size);
  } else {
    std::size_t consumed = 0;
    for (response.body = joinChunks(received_, consumed); consumed == 0 && receive(deadline);) {
      response.body = joinChunks(received_, consumed);
    }
    received_.erase(0, consumed);
  }
  response.closed = closed_;
  return response;
}

std::string rawRequest(std::string_view method, std::string_view path, const std::vector<std::string>& headers,
                       std::string_view body) {
  std::string request = std::string(method) + " " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const std::string& header : headers) request += header + "\r\n";
  if (!body.empty() || method == "POST") request += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  return request + "\r\n" + std::string(body);
}

}  // namespace orthoscribe::tests
