// SPDX-License-Identifier: GPL-2.0-or-later
// The program scripted_server as a child of a test, and requests to it.
#pragma once

#include <string>
#include <vector>

#include "tests/engine/child_process.h"
#include "tests/engine/raw_client.h"

namespace orthoscribe::tests {

inline constexpr const char* kToken = "a-token-for-tests";

class ScriptedServerProcess {
 public:
  // arguments: those of scripted_server. Returns once it has its model, or already when it listens if one of them is about
  // loading; throws std::runtime_error with its output if it does not.
  explicit ScriptedServerProcess(const std::vector<std::string>& arguments = {});

  ChildProcess& process() { return process_; }
  int port() const { return port_; }
  std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }

  RawClient connect() const { return RawClient(port_); }
  // One request with the right token.
  RawResponse get(const std::string& path) const;
  RawResponse chat(const std::string& body) const;
  // Connects and sends a chat, without waiting for the answer.
  RawClient startChat(const std::string& text, bool stream) const;
  // Waits until the metrics hold the line.
  bool waitForMetric(const std::string& line) const;

 private:
  void waitUntilLoaded() const;

  ChildProcess process_;
  int port_ = 0;
};

std::vector<std::string> authorized();
// {"model":"scripted","messages":[one of the user]} with more members, written as ",\"n\":1".
std::string chatText(const std::string& text, const std::string& more = {});

}  // namespace orthoscribe::tests
