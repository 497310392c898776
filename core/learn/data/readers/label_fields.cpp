// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/readers/label_fields.h"

#include <algorithm>
#include <optional>
#include <string>

#include "core/base/error.h"
#include "core/learn/data/readers/picture_finder.h"
#include "core/learn/data/readers/text_lines.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {
namespace {

// Files to look into before a folder is given up: many pictures have no object.
constexpr std::size_t kMostFiles = 1000;

bool isNote(const std::filesystem::path& file) {
  return file.filename() == "classes.txt" || file.filename() == "README.txt";
}

}  // namespace

std::vector<std::string_view> fieldsOf(std::string_view line) {
  std::vector<std::string_view> fields;
  std::size_t begin = line.find_first_not_of(" \t\r");
  while (begin != std::string_view::npos) {
    const std::size_t end = std::min(line.find_first_of(" \t\r", begin), line.size());
    fields.push_back(line.substr(begin, end - begin));
    begin = line.find_first_not_of(" \t\r", end);
  }
  return fields;
}

bool isNumber(std::string_view field) {
  return tasks::numberOf(field).has_value();
}

double requiredNumber(std::string_view field) {
  if (const std::optional<double> number = tasks::numberOf(field)) return *number;
  throw Error(ErrorCode::InvalidInput, "'" + std::string(field) + "' is not a number that a picture can have");
}

bool firstLabelLine(const std::filesystem::path& source,
                    const std::function<bool(const std::vector<std::string_view>& fields)>& wanted) {
  if (!std::filesystem::is_directory(source) && source.extension() != ".txt") return false;
  std::size_t looked = 0;
  for (const std::filesystem::path& file : filesBelow(source, {".txt"})) {
    if (isNote(file)) continue;
    TextLines lines(file);
    for (std::string line; lines.next(line);) {
      if (line.starts_with("imagesource:") || line.starts_with("gsd:")) continue;
      return wanted(fieldsOf(line));
    }
    if (++looked == kMostFiles) break;
  }
  return false;
}

}  // namespace orthoscribe::learn
