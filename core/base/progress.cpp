// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/progress.h"

#include <cmath>
#include <cstdio>

namespace orthoscribe {

RemainingTime::RemainingTime() : start_(std::chrono::steady_clock::now()) {}

std::optional<std::chrono::seconds> RemainingTime::estimate(const Progress& progress) const {
  if (progress.done <= 0 || progress.total <= 0) return std::nullopt;
  const double elapsed = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  const double left = elapsed * static_cast<double>(progress.total - progress.done) / static_cast<double>(progress.done);
  return std::chrono::seconds(static_cast<std::int64_t>(std::ceil(left)));
}

std::string durationText(std::chrono::seconds duration) {
  const long long seconds = duration.count();
  char text[48];
  if (seconds < 60) {
    std::snprintf(text, sizeof text, "%lld s", seconds);
  } else if (seconds < 3600) {
    std::snprintf(text, sizeof text, "%lld min %02lld s", seconds / 60, seconds % 60);
  } else {
    std::snprintf(text, sizeof text, "%lld h %02lld min", seconds / 3600, seconds % 3600 / 60);
  }
  return text;
}

}  // namespace orthoscribe
