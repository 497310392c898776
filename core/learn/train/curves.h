// SPDX-License-Identifier: GPL-2.0-or-later
// What a stage's training looked like, step by step: a CSV file that grows, and a page with the curves drawn.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace orthoscribe::learn {

using CurveRow = std::vector<std::pair<std::string, double>>;  // columns by name, in the order they are shown

class Curves {
 public:
  // Nothing is written where the paths are empty. title: heading of the page.
  Curves(std::filesystem::path csv, std::filesystem::path page, std::string title);

  // Takes up the file that is there, up to and with that step; later rows and broken ones are dropped from it. Throws Error{Io}.
  void continueFrom(std::int64_t step);
  // A row at a step; the file is made anew where it has other columns. Throws Error{Io}.
  void add(std::int64_t step, const CurveRow& row);
  // Throws Error{Io}.
  void writePage() const;

  const std::vector<std::string>& columns() const { return columns_; }  // without "step"
  struct Row {
    std::int64_t step = 0;
    std::vector<double> values;  // one a column; not a number where there is none
  };
  const std::vector<Row>& rows() const { return rows_; }

 private:
  void writeAll() const;

  std::filesystem::path csv_, page_;
  std::string title_;
  std::vector<std::string> columns_;
  std::vector<Row> rows_;
};

// A self-contained HTML page with one drawing a column.
std::string curvesPage(const std::string& title, const Curves& curves);

}  // namespace orthoscribe::learn
