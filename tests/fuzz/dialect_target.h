// SPDX-License-Identifier: GPL-2.0-or-later
// What every dialect promises of every text (core/tasks/dialect.h).
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "core/tasks/dialect.h"
#include "tests/fuzz/expect.h"

namespace orthoscribe::fuzz {

inline bool sameBox(const tasks::SpokenBox& one, const tasks::SpokenBox& other, std::size_t shift) {
  return one.label == other.label && one.quad == other.quad && one.textBegin == other.textBegin + shift &&
         one.textEnd == other.textEnd + shift;
}

inline void expectSound(const tasks::ParsedAnswer& answer, std::size_t size) {
  expect(answer.consumed <= size, "no more is consumed than there is");
  expect(std::size_t(answer.dropped) == answer.droppedParts.size(), "every dropped part is counted");
  for (const tasks::DroppedPart& part : answer.droppedParts) {
    expect(part.textBegin < part.textEnd && part.textEnd <= size && !part.why.empty(), "a dropped part is bytes of the answer");
  }
  std::size_t before = 0;
  for (const tasks::SpokenBox& box : answer.boxes) {
    expect(box.textBegin < box.textEnd && box.textEnd <= size, "a box is spelled by bytes of the answer");
    // One in another ends before it.
    expect(box.textEnd >= before, "boxes come in the order in which they are whole");
    before = box.textEnd;
    for (const geo::Point& corner : box.quad) expect(std::isfinite(corner.x) && std::isfinite(corner.y), "corners are numbers");
  }
}

// Reads the text whole, and again as it would arrive in two pieces.
inline void fuzzDialect(std::string_view name, const std::uint8_t* data, std::size_t size) {
  const std::string_view text = textOf(data, size);
  const tasks::Dialect& dialect = tasks::dialectNamed(name);
  const tasks::PictureFrame frame = dialect.frameOf(800, 600);
  const std::vector<std::string> classes = {"ship", "storage tank"};
  const tasks::ParsedAnswer whole = dialect.parse(text, frame, classes, true);
  expectSound(whole, size);

  const std::size_t cut = size == 0 ? 0 : data[0] * size / 255;
  const tasks::ParsedAnswer part = dialect.parse(text.substr(0, cut), frame, classes, false);
  expectSound(part, cut);
  expect(part.boxes.size() <= whole.boxes.size(), "no box is taken back");
  std::size_t consumedBoxes = 0;
  for (std::size_t i = 0; i < part.boxes.size(); ++i) {
    expect(sameBox(part.boxes[i], whole.boxes[i], 0), "a box that was returned does not change");
    if (part.boxes[i].textBegin < part.consumed) ++consumedBoxes;
  }
  const tasks::ParsedAnswer rest = dialect.parse(text.substr(part.consumed), frame, classes, true);
  expect(consumedBoxes + rest.boxes.size() == whole.boxes.size(), "reading on from what was consumed finds the other boxes");
  for (std::size_t i = 0; i < rest.boxes.size(); ++i) {
    expect(sameBox(whole.boxes[consumedBoxes + i], rest.boxes[i], part.consumed), "and finds them the same");
  }
}

}  // namespace orthoscribe::fuzz
