// SPDX-License-Identifier: GPL-2.0-or-later
// Progress of long work, reported by whoever does it and shown by whoever asked for it.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace orthoscribe {

struct Progress {
  std::int64_t done = 0;
  std::int64_t total = 0;  // 0: unknown
  std::string unit;        // "tiles", "steps"
  std::string note;        // what is happening now; may be empty
};

// Called from the working thread; must return quickly and not throw.
using ProgressCallback = std::function<void(const Progress&)>;

// Estimates the time left from the pace since construction.
class RemainingTime {
 public:
  RemainingTime();
  // Nothing until at least one unit is done and the total is known.
  std::optional<std::chrono::seconds> estimate(const Progress& progress) const;

 private:
  std::chrono::steady_clock::time_point start_;
};

// "45 s", "3 min 20 s", "2 h 05 min".
std::string durationText(std::chrono::seconds duration);

}  // namespace orthoscribe
