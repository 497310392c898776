// SPDX-License-Identifier: GPL-2.0-or-later
// What the server counts, in Prometheus' text format (version 0.0.4).
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "core/base/vision_language_model.h"

namespace orthoscribe::engine::http {

// Counts of durations up to each bound.
class Histogram {
 public:
  static constexpr std::array<double, 12> kBoundsS = {0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0};
  void add(double seconds);
  // HELP, TYPE, buckets, sum and count under `name`.
  std::string text(const std::string& name, const std::string& help) const;

 private:
  std::array<std::uint64_t, kBoundsS.size() + 1> counts_{};  // the last: above all bounds
  double sum_ = 0.0;
};

// What only others know at the moment of asking.
struct Gauges {
  std::size_t queueLength = 0;
  bool modelReady = false;
  bool modelBusy = false;
};

class Metrics {
 public:
  // Thread-safe, all of them.
  void countResponse(int status);
  void countAnswer(const Usage& usage, double generationS);
  void countCancelled();
  void addQueueTime(double seconds);
  void addFirstTokenTime(double seconds);
  std::string text(const Gauges& gauges) const;

 private:
  mutable std::mutex mutex_;
  std::map<int, std::uint64_t> responses_;
  std::uint64_t promptTokens_ = 0;
  std::uint64_t completionTokens_ = 0;
  std::uint64_t cancelled_ = 0;
  Histogram queueTime_;
  Histogram firstTokenTime_;
  Histogram generationTime_;
};

}  // namespace orthoscribe::engine::http
