// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/result.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <utility>

#include "core/base/text_encoding.h"

namespace orthoscribe::engine::verify {
namespace {

std::string number(double value) {
  char text[32];
  std::snprintf(text, sizeof text, value == std::floor(value) && value < 1e6 ? "%.0f" : "%.1e", value);
  return text;
}

std::string described(const Check& check) {
  std::string text = check.what + ": error " + number(check.error) + ", tolerance " + number(check.tolerance);
  if (!check.holds() && !check.note.empty()) text += " (" + check.note + ")";
  return text;
}

std::string excerpt(std::string_view text, std::size_t at) {
  const std::size_t begin = at > 10 ? at - 10 : 0;
  std::string shown;
  for (const char character : repairUtf8(text.substr(begin, 30)))
    shown += character == '\n' ? std::string("\\n") : std::string(1, character);
  return "'" + shown + "'";
}

}  // namespace

double Check::strain() const {
  if (std::isnan(error)) return std::numeric_limits<double>::infinity();
  if (tolerance > 0) return error / tolerance;
  return error > 0 ? std::numeric_limits<double>::infinity() : 0.0;
}

bool CaseResult::holds() const {
  return refusal.empty() && !checks.empty() && failed() == 0;
}

std::size_t CaseResult::failed() const {
  return static_cast<std::size_t>(std::count_if(checks.begin(), checks.end(), [](const Check& check) { return !check.holds(); }));
}

Check exactly(std::string what, std::int64_t differences, std::int64_t total, std::string note) {
  std::string text = std::to_string(differences) + " of " + std::to_string(total) + " differ";
  if (!note.empty()) text += "; " + note;
  return {.what = std::move(what), .error = static_cast<double>(differences), .tolerance = 0.0, .note = std::move(text)};
}

Check sameText(std::string what, std::string_view actual, std::string_view expected) {
  if (actual == expected) return {.what = std::move(what), .note = {}};
  const auto at = static_cast<std::size_t>(std::mismatch(actual.begin(), actual.end(), expected.begin(), expected.end()).first -
                                           actual.begin());
  return {.what = std::move(what),
          .error = 1.0,
          .tolerance = 0.0,
          .note = "at byte " + std::to_string(at) + " " + excerpt(actual, at) + " instead of " + excerpt(expected, at)};
}

Check sameIds(std::string what, std::span<const std::int64_t> actual, std::span<const std::int64_t> expected) {
  const std::size_t common = std::min(actual.size(), expected.size());
  const std::size_t longest = std::max(actual.size(), expected.size());
  std::int64_t differences = static_cast<std::int64_t>(longest - common);
  std::size_t first = differences > 0 ? common : longest;
  for (std::size_t i = common; i-- > 0;) {
    if (actual[i] == expected[i]) continue;
    ++differences;
    first = i;
  }
  std::string note;
  if (differences > 0) {
    const auto at = [&](std::span<const std::int64_t> list) {
      return first < list.size() ? std::to_string(list[first]) : "none";
    };
    note = "first at " + std::to_string(first) + ": " + at(actual) + " instead of " + at(expected);
  }
  return exactly(std::move(what), differences, static_cast<std::int64_t>(longest), std::move(note));
}

std::string lineOf(const CaseResult& result) {
  const std::string head = (result.holds() ? "ok    " : "FAIL  ") + result.name + ": ";
  if (!result.refusal.empty()) return head + result.refusal;
  if (result.checks.empty()) return head + "nothing was compared";
  const std::string count = std::to_string(result.checks.size()) + (result.checks.size() == 1 ? " check" : " checks");
  if (result.holds()) {
    const auto worst = std::max_element(result.checks.begin(), result.checks.end(),
                                        [](const Check& a, const Check& b) { return a.strain() < b.strain(); });
    return head + count + ", worst " + described(*worst);
  }
  std::string text = head + std::to_string(result.failed()) + " of " + count + " failed";
  for (const Check& check : result.checks)
    if (!check.holds()) text += "; " + described(check);
  return text;
}

std::vector<std::string> summaryOf(std::span<const CaseResult> results) {
  struct Count {
    std::string family;
    int held = 0;
    int all = 0;
  };
  std::vector<Count> counts;
  Count sum{.family = "all"};
  for (const CaseResult& result : results) {
    auto found = std::find_if(counts.begin(), counts.end(), [&](const Count& count) { return count.family == result.family; });
    if (found == counts.end()) found = counts.insert(counts.end(), {.family = result.family});
    for (Count* count : {&*found, &sum}) {
      ++count->all;
      count->held += result.holds() ? 1 : 0;
    }
  }
  counts.push_back(sum);
  std::vector<std::string> lines;
  for (const Count& count : counts)
    lines.push_back(count.family + ": " + std::to_string(count.held) + " of " + std::to_string(count.all) + " held");
  return lines;
}

}  // namespace orthoscribe::engine::verify
