// SPDX-License-Identifier: GPL-2.0-or-later
// One client's socket as cpp-httplib's stream, with deadlines for whole requests: a client that sends a byte now and then, or
// takes none, must not hold a thread for ever.
#pragma once

#include <httplib.h>

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>

namespace orthoscribe::engine::http {

struct ConnectionLimits {
  std::chrono::milliseconds keepAlive{30'000};      // silence between two requests
  std::chrono::milliseconds readGrace{20'000};      // for a request to arrive, and a second more for each 64 KiB received
  std::chrono::milliseconds writePatience{20'000};  // for a client to take what is sent
};

class Connection final : public httplib::Stream {
 public:
  // Owns the socket. All waiting ends soon after `stopping` becomes true.
  Connection(int socket, const ConnectionLimits& limits, const std::atomic<bool>& stopping);
  ~Connection() override;
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // Waits for the first byte of a request and starts its deadline. False: silent too long, gone, or stopping.
  bool awaitRequest();
  // Bytes handed out since awaitRequest.
  std::size_t taken() const { return taken_; }
  // Ends our side and takes for a moment what the client still sends, so that it gets to read the last answer.
  void closeGently();

  bool is_readable() const override;
  // False once the client has closed its side.
  bool is_writable() const override;
  ssize_t read(char* data, size_t size) override;
  ssize_t write(const char* data, size_t size) override;
  void get_remote_ip_and_port(std::string& ip, int& port) const override;
  void get_local_ip_and_port(std::string& ip, int& port) const override;
  socket_t socket() const override { return socket_; }

 private:
  using Clock = std::chrono::steady_clock;
  bool waitFor(short events, Clock::time_point deadline) const;
  Clock::time_point readDeadline() const;
  ssize_t receive(char* data, size_t size);

  int socket_;
  ConnectionLimits limits_;
  const std::atomic<bool>& stopping_;
  Clock::time_point started_ = Clock::now();
  std::size_t received_ = 0;  // since awaitRequest
  std::size_t taken_ = 0;
  // The parser reads headers byte by byte.
  std::array<char, 16384> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
};

}  // namespace orthoscribe::engine::http
