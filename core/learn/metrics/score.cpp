// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/score.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

namespace orthoscribe::learn {
namespace {

constexpr double kNormal95 = 1.959963984540054;  // of the standard normal distribution, two-sided

std::string tenths(double share) {
  char text[32];
  std::snprintf(text, sizeof text, "%.1f", 100 * share);
  return text;
}

}  // namespace

Interval wilsonInterval(int right, int asked) {
  if (asked <= 0) return {};
  const double count = asked;
  const double share = right / count;
  const double square = kNormal95 * kNormal95;
  const double middle = share + square / (2 * count);
  const double spread = kNormal95 * std::sqrt(share * (1 - share) / count + square / (4 * count * count));
  const double scale = 1 + square / count;
  // The ends are exact where all or none were right; rounding would leave them a little beside.
  return {right == 0 ? 0.0 : std::max(0.0, (middle - spread) / scale),
          right == asked ? 1.0 : std::min(1.0, (middle + spread) / scale)};
}

nlohmann::ordered_json scoreJson(const Score& score) {
  const Interval interval = score.interval();
  return {
      {"right", score.right}, {"asked", score.asked}, {"share", score.share()}, {"low", interval.low}, {"high", interval.high}};
}

std::string percentText(double share) {
  return tenths(share) + " %";
}

std::string intervalText(const Interval& interval) {
  return tenths(interval.low) + " to " + tenths(interval.high) + " %";
}

}  // namespace orthoscribe::learn
