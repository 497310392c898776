// SPDX-License-Identifier: GPL-2.0-or-later
// Bad records of a data set: each is told with its place and passed over once, up to a limit.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::learn {

enum class BadKind { BrokenRecord, UnknownClass, OutsideImage, NoArea, UnreadableImage };
inline constexpr std::size_t kBadKindCount = 5;

// "broken record", "unknown class", ...
std::string_view nameOf(BadKind kind);

struct BadRecord {
  BadKind kind = BadKind::BrokenRecord;
  std::string where;  // "train.jsonl:17", "set.json, annotations[3] (line 90)"
  std::string what;
};

struct SkipLimit {
  double share = 0.01;        // of what was read so far
  std::int64_t atLeast = 20;  // so many may be skipped in any case
};

// "2%" of the records, or a number of them. Nothing when the text is neither.
std::optional<SkipLimit> skipLimitIn(std::string_view text);

// Not for several threads at once.
class SkipReport {
 public:
  explicit SkipReport(SkipLimit limit = {}) : limit_(limit) {}

  // One more entry was read and is good: an object, a question, a line, a picture, whatever the format lists one by one.
  void good() { ++good_; }
  // One was read and is passed over. Throws Error{InvalidInput} that sums up when the limit is passed.
  void skip(BadRecord bad);
  // One was used, but cut at the picture's border.
  void clipped() { ++clipped_; }

  std::int64_t goodCount() const { return good_; }
  std::int64_t clippedCount() const { return clipped_; }
  std::int64_t skippedCount() const;
  std::int64_t count(BadKind kind) const { return counts_[static_cast<std::size_t>(kind)]; }
  // The first hundred thousand of them.
  const std::vector<BadRecord>& skipped() const { return skipped_; }
  // "3 skipped: 2 zero area, 1 unknown class"; empty when there was nothing to skip.
  std::string summary() const;

 private:
  SkipLimit limit_;
  std::int64_t good_ = 0;
  std::int64_t clipped_ = 0;
  std::array<std::int64_t, kBadKindCount> counts_{};
  std::vector<BadRecord> skipped_;
};

}  // namespace orthoscribe::learn
