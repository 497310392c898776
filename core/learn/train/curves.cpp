// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/curves.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cmath>
#include <cstring>
#include <fstream>
#include <limits>
#include <optional>
#include <sstream>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/make_folders.h"

namespace orthoscribe::learn {
namespace {

constexpr double kNothing = std::numeric_limits<double>::quiet_NaN();

std::vector<std::string> cellsOf(const std::string& line) {
  std::vector<std::string> cells;
  std::istringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  if (line.ends_with(',')) cells.emplace_back();
  return cells;
}

std::optional<double> numberIn(const std::string& cell) {
  if (cell.empty()) return kNothing;
  double value = 0;
  const auto [end, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
  if (error != std::errc() || end != cell.data() + cell.size()) return std::nullopt;
  return value;
}

std::optional<Curves::Row> rowOf(const std::string& line, std::size_t columns) {
  const std::vector<std::string> cells = cellsOf(line);
  if (cells.size() != columns + 1) return std::nullopt;
  Curves::Row row;
  for (std::size_t index = 0; index < cells.size(); ++index) {
    const std::optional<double> value = numberIn(cells[index]);
    if (!value || (index == 0 && std::isnan(*value))) return std::nullopt;
    if (index == 0)
      row.step = static_cast<std::int64_t>(*value);
    else
      row.values.push_back(*value);
  }
  return row;
}

std::string textOf(const Curves::Row& row) {
  std::string line = std::to_string(row.step);
  for (const double value : row.values) {
    line += ',';
    char digits[32];
    if (std::isnan(value)) continue;
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::general, 8);
    line.append(digits, error == std::errc() ? end : digits);
  }
  return line + '\n';
}

std::string headOf(const std::vector<std::string>& columns) {
  std::string line = "step";
  for (const std::string& column : columns) line += ',' + column;
  return line + '\n';
}

}  // namespace

Curves::Curves(std::filesystem::path csv, std::filesystem::path page, std::string title)
    : csv_(std::move(csv)), page_(std::move(page)), title_(std::move(title)) {}

void Curves::continueFrom(std::int64_t step) {
  rows_.clear();
  columns_.clear();
  if (csv_.empty() || !std::filesystem::exists(csv_)) return;
  std::istringstream stream(readTextFile(csv_));
  std::string line;
  if (!std::getline(stream, line)) return;
  columns_ = cellsOf(line);
  if (!columns_.empty()) columns_.erase(columns_.begin());
  while (std::getline(stream, line)) {
    if (std::optional<Row> row = rowOf(line, columns_.size()); row && row->step <= step) rows_.push_back(std::move(*row));
  }
  writeAll();
}

void Curves::add(std::int64_t step, const CurveRow& row) {
  bool anew = rows_.empty();
  for (const auto& [name, value] : row) {
    if (std::find(columns_.begin(), columns_.end(), name) != columns_.end()) continue;
    columns_.push_back(name);
    for (Row& before : rows_) before.values.push_back(kNothing);
    anew = true;
  }
  Row added{.step = step, .values = std::vector<double>(columns_.size(), kNothing)};
  for (const auto& [name, value] : row)
    added.values[static_cast<std::size_t>(std::find(columns_.begin(), columns_.end(), name) - columns_.begin())] = value;
  rows_.push_back(std::move(added));
  if (csv_.empty()) return;
  if (anew) return writeAll();
  std::ofstream stream(csv_, std::ios::binary | std::ios::app);
  stream << textOf(rows_.back());
  stream.close();
  if (!stream) throw Error(ErrorCode::Io, "cannot write " + csv_.string() + ": " + std::strerror(errno));
}

void Curves::writeAll() const {
  makeFolders(csv_.parent_path());
  std::string text = headOf(columns_);
  for (const Row& row : rows_) text += textOf(row);
  writeTextFile(csv_, text);
}

void Curves::writePage() const {
  if (!page_.empty() && !rows_.empty()) writeTextFile(page_, curvesPage(title_, *this));
}

}  // namespace orthoscribe::learn
