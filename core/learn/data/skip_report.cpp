// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/skip_report.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

constexpr std::array<std::string_view, kBadKindCount> kNames = {"broken record", "unknown class", "outside the picture",
                                                                "no area", "unreadable picture"};
constexpr std::size_t kMostKept = 100'000;

}  // namespace

std::string_view nameOf(BadKind kind) {
  return kNames[static_cast<std::size_t>(kind)];
}

std::optional<SkipLimit> skipLimitIn(std::string_view text) {
  const bool share = text.ends_with('%');
  if (share) text.remove_suffix(1);
  double number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size() || !(number >= 0) || number > (share ? 100 : 1e15))
    return std::nullopt;
  if (share) return SkipLimit{.share = number / 100.0, .atLeast = 0};
  return SkipLimit{.share = 0, .atLeast = static_cast<std::int64_t>(number)};
}

std::int64_t SkipReport::skippedCount() const {
  return std::accumulate(counts_.begin(), counts_.end(), std::int64_t{0});
}

void SkipReport::skip(BadRecord bad) {
  ++counts_[static_cast<std::size_t>(bad.kind)];
  const std::string last = bad.where + ": " + bad.what;
  if (skipped_.size() < kMostKept) skipped_.push_back(std::move(bad));
  const std::int64_t all = skippedCount();
  const double allowed = std::max(limit_.share * double(good_ + all), double(limit_.atLeast));
  if (double(all) <= allowed) return;
  throw Error(
      ErrorCode::InvalidInput, "too many bad records (" + summary() + ", " + std::to_string(good_) + " good); the last: " + last,
      "Look at them with 'orthoscribe data check', or allow more with --skip-limit (in the file of a training: skip_limit).");
}

std::string SkipReport::summary() const {
  const std::int64_t all = skippedCount();
  if (all == 0) return {};
  std::string text = std::to_string(all) + " skipped";
  const char* separator = ": ";
  for (std::size_t i = 0; i < kBadKindCount; ++i) {
    if (counts_[i] == 0) continue;
    text += separator + std::to_string(counts_[i]) + " " + std::string(kNames[i]);
    separator = ", ";
  }
  return text;
}

}  // namespace orthoscribe::learn
