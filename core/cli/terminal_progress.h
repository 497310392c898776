// SPDX-License-Identifier: GPL-2.0-or-later
// Progress for people at a terminal (a bar with the time left) and for logs (a plain line now and then), on standard error.
#pragma once

#include <chrono>
#include <mutex>
#include <string>

#include "core/base/progress.h"

namespace orthoscribe::cli {

class TerminalProgress {
 public:
  // label: what is being done, "Detecting". quiet: show nothing.
  explicit TerminalProgress(std::string label, bool quiet = false);
  // Ends the bar's line.
  ~TerminalProgress();
  TerminalProgress(const TerminalProgress&) = delete;
  TerminalProgress& operator=(const TerminalProgress&) = delete;

  // Thread-safe.
  void show(const Progress& progress);

 private:
  std::mutex mutex_;
  std::string label_;
  bool quiet_;
  bool terminal_;
  bool drawn_ = false;
  RemainingTime remaining_;
  std::chrono::steady_clock::time_point lastShown_{};
};

}  // namespace orthoscribe::cli
