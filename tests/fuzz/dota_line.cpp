// SPDX-License-Identifier: GPL-2.0-or-later
// Label lines in DOTA's form, and what is left of their boxes on a small picture.
#include <algorithm>
#include <cmath>
#include <sstream>
#include <string>

#include "core/learn/data/readers/dota.h"
#include "core/learn/data/shape_clip.h"
#include "tests/fuzz/expect.h"

namespace {

using namespace orthoscribe;

constexpr double kWidth = 100;
constexpr double kHeight = 60;

void look(const learn::LabelledShape& shape) {
  fuzz::expect(!shape.label.empty(), "an object has a name");
  for (const geo::Point corner : shape.quad)
    fuzz::expect(std::abs(corner.x) <= 1e6 && std::abs(corner.y) <= 1e6, "corners lie where a picture can be");
  const std::optional<geo::Quad> visible = learn::clippedTo(shape.quad, kWidth, kHeight);
  if (!visible) return;
  fuzz::expect(
      std::ranges::all_of(*visible, [](geo::Point corner) { return std::isfinite(corner.x) && std::isfinite(corner.y); }),
      "what is visible has a place");
  const double share = learn::visibleShare(shape.quad, kWidth, kHeight);
  fuzz::expect(share >= 0 && share <= 1, "a share is a share");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream lines{std::string(fuzz::textOf(data, size))};
  for (std::string line; std::getline(lines, line);) {
    fuzz::mayRefuse([&] {
      if (const std::optional<learn::LabelledShape> shape = learn::parseDotaLine(line)) look(*shape);
    });
  }
  return 0;
}
