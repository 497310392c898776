// SPDX-License-Identifier: GPL-2.0-or-later
// What the comparison with a fixture gave.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::engine::verify {

// One compared thing. An error that is not a number does not hold.
struct Check {
  std::string what;
  double error = 0.0;
  double tolerance = 0.0;
  std::string note;  // what differs, for people; may be empty

  bool holds() const { return error <= tolerance; }
  // How far the error uses up its tolerance: above 1 it does not hold. For choosing the worst check.
  double strain() const;
};

struct CaseResult {
  std::string name;    // where the case lies, relative to what was walked
  std::string family;  // what it belongs to in the summary
  std::vector<Check> checks;
  std::string refusal;  // why nothing could be compared: not supported, or an error

  // A case without a single check does not hold.
  bool holds() const;
  std::size_t failed() const;
};

// For things that must be equal: the number of differences among `total` is the error, the tolerance is 0.
Check exactly(std::string what, std::int64_t differences, std::int64_t total, std::string note = {});
// Two texts, with the place and surroundings of the first difference in the note.
Check sameText(std::string what, std::string_view actual, std::string_view expected);
// Two lists of ids; a different length counts as differences too.
Check sameIds(std::string what, std::span<const std::int64_t> actual, std::span<const std::int64_t> expected);

// "ok    NAME: 12 checks, worst logits_all: error 2.1e-06, tolerance 1.0e-04", or "FAIL  NAME: ..." with the checks that do not
// hold.
std::string lineOf(const CaseResult& result);
// "qwen2: 3 of 3 held", one line a family in order of first appearance, and a last line with the sum.
std::vector<std::string> summaryOf(std::span<const CaseResult> results);

}  // namespace orthoscribe::engine::verify
