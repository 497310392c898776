// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace orthoscribe::engine::http {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSlice{50};  // how late a stop may be noticed
constexpr milliseconds kFarewell{1'000};
constexpr std::size_t kBytesPerSecond = 64u << 10;

short pollOnce(int socket, short events, milliseconds patience) {
  pollfd entry{.fd = socket, .events = events, .revents = 0};
  return poll(&entry, 1, static_cast<int>(patience.count())) > 0 ? entry.revents : short{0};
}

}  // namespace

Connection::Connection(int socket, const ConnectionLimits& limits, const std::atomic<bool>& stopping)
    : socket_(socket), limits_(limits), stopping_(stopping) {
  // Tokens are small and must not wait for each other.
  const int yes = 1;
  setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
}

Connection::~Connection() {
  ::close(socket_);
}

bool Connection::waitFor(short events, Clock::time_point deadline) const {
  while (!stopping_) {
    const auto left = std::chrono::duration_cast<milliseconds>(deadline - Clock::now());
    if (left.count() <= 0) return false;
    if (pollOnce(socket_, events, std::min(left, kSlice)) != 0) return true;
  }
  return false;
}

bool Connection::awaitRequest() {
  if (begin_ == end_ && !waitFor(POLLIN, Clock::now() + limits_.keepAlive)) return false;
  started_ = Clock::now();
  received_ = 0;
  taken_ = 0;
  return true;
}

Connection::Clock::time_point Connection::readDeadline() const {
  return started_ + limits_.readGrace + milliseconds(1000 * received_ / kBytesPerSecond);
}

ssize_t Connection::receive(char* data, size_t size) {
  if (!waitFor(POLLIN, readDeadline())) return -1;
  const ssize_t count = recv(socket_, data, size, MSG_DONTWAIT);
  if (count > 0) received_ += static_cast<std::size_t>(count);
  return count;
}

ssize_t Connection::read(char* data, size_t size) {
  if (begin_ == end_) {
    const ssize_t count = receive(buffer_.data(), buffer_.size());
    if (count <= 0) return count;
    begin_ = 0;
    end_ = static_cast<std::size_t>(count);
  }
  const std::size_t count = std::min(size, end_ - begin_);
  std::memcpy(data, buffer_.data() + begin_, count);
  begin_ += count;
  taken_ += count;
  return static_cast<ssize_t>(count);
}

ssize_t Connection::write(const char* data, size_t size) {
  std::size_t sent = 0;
  auto deadline = Clock::now() + limits_.writePatience;
  while (sent < size) {
    const ssize_t count = send(socket_, data + sent, size - sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count > 0) {
      sent += static_cast<std::size_t>(count);
      deadline = Clock::now() + limits_.writePatience;
      continue;
    }
    if (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) return -1;
    if (!waitFor(POLLOUT, deadline)) return -1;
  }
  return static_cast<ssize_t>(sent);
}

bool Connection::is_readable() const {
  return begin_ != end_ || (pollOnce(socket_, POLLIN, milliseconds(0)) & POLLIN) != 0;
}

bool Connection::is_writable() const {
  return !stopping_ && (pollOnce(socket_, POLLRDHUP, milliseconds(0)) & (POLLRDHUP | POLLHUP | POLLERR | POLLNVAL)) == 0;
}

void Connection::get_remote_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void Connection::get_local_ip_and_port(std::string& ip, int& port) const {
  ip.clear();
  port = 0;
}

void Connection::closeGently() {
  shutdown(socket_, SHUT_WR);
  const auto deadline = Clock::now() + kFarewell;
  while (waitFor(POLLIN, deadline)) {
    if (recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT) <= 0) return;
  }
}

}  // namespace orthoscribe::engine::http
