// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/benchmark/csv_table.h"

#include <sstream>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::learn {
namespace {

// atMost: the last value takes what is left; 0: as many as there are.
std::vector<std::string> valuesOf(const std::string& line, std::size_t atMost) {
  std::vector<std::string> values(1);
  bool quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char letter = line[at];
    if (letter == '"') {
      const bool doubled = quoted && at + 1 < line.size() && line[at + 1] == '"';
      if (doubled) {
        values.back() += letter;
        ++at;
      } else {
        quoted = !quoted;
      }
    } else if (letter == ',' && !quoted && values.size() != atMost) {
      values.emplace_back();
    } else if (letter != '\r') {
      values.back() += letter;
    }
  }
  return values;
}

}  // namespace

CsvTable::CsvTable(const std::filesystem::path& path) : file_(path.string()) {
  std::istringstream lines(readTextFile(path));
  std::string line;
  std::getline(lines, line);
  for (const std::string& name : valuesOf(line, 0)) columns_.emplace(name, columns_.size());
  for (int number = 2; std::getline(lines, line); ++number) {
    if (line.empty()) continue;
    rows_.push_back(valuesOf(line, columns_.size() == 2 ? 2 : 0));
    if (rows_.back().size() != columns_.size()) {
      throw Error(ErrorCode::InvalidInput, file_ + ":" + std::to_string(number) + ": " + std::to_string(rows_.back().size()) +
                                               " values under " + std::to_string(columns_.size()) + " columns");
    }
  }
}

const std::string& CsvTable::at(std::size_t row, const std::string& column) const {
  const auto found = columns_.find(column);
  if (found == columns_.end()) throw Error(ErrorCode::InvalidInput, file_ + ": has no column \"" + column + "\"");
  return rows_.at(row)[found->second];
}

}  // namespace orthoscribe::learn
