// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/box_labels.h"

#include <array>
#include <cmath>
#include <sstream>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/data/vocabulary.h"

namespace orthoscribe::learn {
namespace {

bool isHeader(std::string_view line) {
  return line.starts_with("imagesource:") || line.starts_with("gsd:");
}

[[noreturn]] void refuse(std::string_view name, int line) {
  throw Error(ErrorCode::InvalidInput, std::string(name) + ", line " + std::to_string(line) + ": not an oriented box",
              "Expected eight numbers, a class and 0 or 1.");
}

}  // namespace

std::vector<LabelledBox> parseBoxLabels(std::string_view text, std::string_view name) {
  std::vector<LabelledBox> boxes;
  std::istringstream lines{std::string(text)};
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos || isHeader(line)) continue;
    std::istringstream fields(line);
    geo::Quad quad;
    for (geo::Point& corner : quad) {
      if (!(fields >> corner.x >> corner.y) || !std::isfinite(corner.x) || !std::isfinite(corner.y)) refuse(name, number);
    }
    std::string objectClass;
    int difficult = 0;
    if (!(fields >> objectClass >> difficult) || difficult < 0 || difficult > 2) refuse(name, number);
    const auto index = objectClassNamed(objectClass);
    if (index) boxes.push_back({geo::minimumAreaRectangle(quad), *index, difficult != 0});
  }
  return boxes;
}

std::vector<LabelledBox> readBoxLabels(const std::filesystem::path& path) {
  return parseBoxLabels(readTextFile(path), path.string());
}

}  // namespace orthoscribe::learn
