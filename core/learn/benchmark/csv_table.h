// SPDX-License-Identifier: GPL-2.0-or-later
// A small table of comma-separated values with a header line (RFC 4180: quotes, doubled quotes; no line breaks in values).
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace orthoscribe::learn {

class CsvTable {
 public:
  // Throws Error{NotFound or Io}, Error{InvalidInput} naming file and line of a row with too few or too many values. Of a table
  // with two columns the last takes the rest of the line, commas and all.
  explicit CsvTable(const std::filesystem::path& path);

  std::size_t rows() const { return rows_.size(); }
  // Throws Error{InvalidInput} naming file and column where there is no such column.
  const std::string& at(std::size_t row, const std::string& column) const;

 private:
  std::string file_;
  std::map<std::string, std::size_t> columns_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace orthoscribe::learn
