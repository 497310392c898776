// SPDX-License-Identifier: GPL-2.0-or-later
// Groups of pictures whose hashes differ in few bits, found without comparing each with each.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/learn/data/skip_report.h"

namespace orthoscribe::learn {

// Pairs whose hashes differ in at most `distance` bits (0..16), the smaller index first, in order. Hashes are cut into
// distance + 1 pieces, of which an alike pair shares at least one (the pigeonhole principle, Norouzi et al. 2012): only pictures
// that share one are compared.
std::vector<std::pair<std::size_t, std::size_t>> alikePairs(std::span<const std::uint64_t> hashes, int distance);
// The same where the first of a pair may also be turned or mirrored: any of its eight hashes is alike the first of the other's.
std::vector<std::pair<std::size_t, std::size_t>> alikePairs(std::span<const std::array<std::uint64_t, 8>> hashes, int distance);

// What hangs together by pairs, each group in order, groups of one left out.
std::vector<std::vector<std::size_t>> groupsOf(std::size_t count, std::span<const std::pair<std::size_t, std::size_t>> pairs);

struct DuplicateOptions {
  int distance = 6;      // bits
  bool turned = false;   // also pictures that were turned or mirrored
  unsigned threads = 0;  // 0: all cores
};

struct DuplicateReport {
  std::vector<std::vector<std::string>> groups;  // names as given; the one with most pixels first, equal ones by name
  std::int64_t pictures = 0;                     // that could be read

  // All but the first of each group.
  std::vector<std::string> excluded() const;
};

// names: paths below `folder`. Pictures that cannot be read are told to the report and left out.
DuplicateReport findDuplicates(const std::filesystem::path& folder, const std::vector<std::string>& names,
                               const DuplicateOptions& options, SkipReport& report, const ProgressCallback& progress,
                               const CancelToken& cancel);

// {"distance": ..., "groups": [["a.jpg", "b.jpg"], ...]}. Throws Error{Io}, Error{InvalidInput} naming the field.
void writeDuplicates(const DuplicateReport& duplicates, const DuplicateOptions& options, const std::filesystem::path& path);
std::vector<std::vector<std::string>> readDuplicates(const std::filesystem::path& path);

}  // namespace orthoscribe::learn
