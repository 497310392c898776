// SPDX-License-Identifier: GPL-2.0-or-later
// A program started by a test: its output is read, its input is held open until it is to end.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace orthoscribe::tests {

class ChildProcess {
 public:
  // environment: "NAME=value", added to ours.
  ChildProcess(const std::vector<std::string>& command, const std::vector<std::string>& environment);
  // Kills it if it still runs.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  pid_t pid() const { return pid_; }
  // What it wrote to standard output and standard error together.
  std::string output() const;
  // Waits until the output holds the text; false when it does not in time.
  bool waitForOutput(const std::string& text, std::chrono::milliseconds patience = std::chrono::seconds(20)) const;
  void signal(int number) const;
  void closeInput();
  // Exit status, or minus the signal that ended it; nothing when it still runs after the patience.
  std::optional<int> waitForEnd(std::chrono::milliseconds patience);

 private:
  void readOutput(int descriptor);

  pid_t pid_ = -1;
  int input_ = -1;
  mutable std::mutex mutex_;
  mutable std::condition_variable grown_;
  std::string output_;
  std::optional<int> status_;
  std::thread reader_;
};

}  // namespace orthoscribe::tests
