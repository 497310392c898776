// SPDX-License-Identifier: GPL-2.0-or-later
// How many of how many were right, and how sure that makes one.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace orthoscribe::learn {

struct Interval {
  double low = 0;
  double high = 1;
};

// Wilson's score interval (Wilson 1927) at 95 %, without continuity correction; 0..1 where nothing was asked.
Interval wilsonInterval(int right, int asked);

struct Score {
  int right = 0;
  int asked = 0;

  void add(bool isRight) {
    ++asked;
    right += isRight ? 1 : 0;
  }
  double share() const { return asked > 0 ? static_cast<double>(right) / asked : 0; }
  Interval interval() const { return wilsonInterval(right, asked); }
};

// {"right", "asked", "share", "low", "high"}
nlohmann::ordered_json scoreJson(const Score& score);

// "92.5 %", "88.1 to 95.3 %"
std::string percentText(double share);
std::string intervalText(const Interval& interval);

}  // namespace orthoscribe::learn
