// SPDX-License-Identifier: GPL-2.0-or-later
// Runs the program itself, and a server in front of a model of the test for it to ask.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "core/base/cancel.h"
#include "core/engine/server.h"
#include "tests/engine/child_process.h"

namespace orthoscribe::tests {

inline constexpr const char* kServerToken = "a-token-for-tests";

class ServedModel {
 public:
  explicit ServedModel(VisionLanguageModel& model)
      : server_(model, {.token = kServerToken}), thread_([this] { server_.run(stop_.token()); }) {}
  ~ServedModel() { end(); }
  ServedModel(const ServedModel&) = delete;
  ServedModel& operator=(const ServedModel&) = delete;

  std::string url() const { return "http://127.0.0.1:" + std::to_string(server_.port()); }
  void end() {
    stop_.cancel();
    if (thread_.joinable()) thread_.join();
  }

 private:
  CancelSource stop_;
  engine::Server server_;
  std::thread thread_;
};

struct Ended {
  int status = -1;
  std::string output;  // what it printed
  std::string notes;   // what it wrote to standard error
};

// The program in a folder of its own, without being waited for.
std::unique_ptr<ChildProcess> startProgram(const std::filesystem::path& folder, const std::vector<std::string>& arguments);
Ended ended(ChildProcess& program, const std::filesystem::path& folder);
Ended runProgram(const std::filesystem::path& folder, const std::vector<std::string>& arguments);

}  // namespace orthoscribe::tests
