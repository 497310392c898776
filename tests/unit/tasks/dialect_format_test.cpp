// SPDX-License-Identifier: GPL-2.0-or-later
// format() and parse() as each other's inverse, and the direction in which angles turn.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <string>

#include "core/geo/polygon.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {
namespace {

struct Rounding {
  const char* dialect;
  double corner;  // largest distance of a corner, in pixels of the picture
  bool angles;    // knows turned boxes
  bool oblong;    // keeps right angles when the picture is not square
};

double distanceOfCorners(const geo::Quad& quad, const geo::Quad& expected) {
  double largest = 0;
  for (const geo::Point& corner : expected) {
    double nearest = 1e9;
    for (const geo::Point& other : quad) nearest = std::min(nearest, std::hypot(corner.x - other.x, corner.y - other.y));
    largest = std::max(largest, nearest);
  }
  return largest;
}

class DialectFormat : public testing::TestWithParam<Rounding> {};

TEST_P(DialectFormat, IsReadBackUpToItsRounding) {
  const Dialect& dialect = dialectNamed(GetParam().dialect);
  std::mt19937 random(7);
  std::uniform_real_distribution<double> share(0.0, 1.0);
  for (const auto& [width, height] : {std::pair{256, 256}, std::pair{448, 448}, std::pair{600, 400}}) {
    if (width != height && !GetParam().oblong) continue;
    const PictureFrame frame = dialect.frameOf(width, height);
    for (int i = 0; i < 200; ++i) {
      const double longSide = 40 + 60 * share(random);
      // Room on all sides, so that nothing is clipped before it is turned.
      const geo::Point centre{60 + (width - 120) * share(random), 60 + (height - 120) * share(random)};
      const double angle = GetParam().angles ? -90 + 180 * share(random) : (i % 2 == 0 ? 0.0 : -90.0);
      const geo::OrientedBox box{centre, longSide, 20 + 15 * share(random), angle};
      const std::string text = dialect.format(box, "storage tank", frame);
      SCOPED_TRACE(text);
      const ParsedAnswer answer = dialect.parse(text, frame, {"ship", "storage tank"}, true);
      ASSERT_EQ(answer.boxes.size(), 1U);
      EXPECT_EQ(answer.dropped, 0);
      EXPECT_EQ(answer.boxes[0].label, "storage tank");
      const double scale = std::max(width, height) / 256.0;
      EXPECT_LE(distanceOfCorners(answer.boxes[0].quad, geo::corners(box)), GetParam().corner * scale);
      EXPECT_LT(answer.boxes[0].textBegin, answer.boxes[0].textEnd);
      EXPECT_LE(answer.boxes[0].textEnd, text.size());
    }
  }
}

TEST_P(DialectFormat, IsTextThatParsingLeavesAsItIs) {
  const Dialect& dialect = dialectNamed(GetParam().dialect);
  const PictureFrame frame = dialect.frameOf(256, 256);
  const geo::OrientedBox box{{120, 130}, 80, 40, 0};
  const std::string text = dialect.format(box, "ship", frame);
  const ParsedAnswer answer = dialect.parse(text, frame, {"ship"}, true);
  ASSERT_EQ(answer.boxes.size(), 1U);
  const std::string again = dialect.format(geo::minimumAreaRectangle(answer.boxes[0].quad), "ship", frame);
  const ParsedAnswer second = dialect.parse(again, frame, {"ship"}, true);
  ASSERT_EQ(second.boxes.size(), 1U);
  EXPECT_GT(geo::polygonIou(answer.boxes[0].quad, second.boxes[0].quad), 0.93) << text << " | " << again;
}

// Percent of 256 pixels are 2.56 pixels; half of that on each of two opposite corners, both axes, and half a degree.
INSTANTIATE_TEST_SUITE_P(All, DialectFormat,
                         testing::Values(Rounding{"starter", 2.1, true, false}, Rounding{"rscovlm_polygon", 2.0, true, true},
                                         Rounding{"skynova", 3.2, true, true}, Rounding{"geochat", 3.2, true, true},
                                         Rounding{"qwen2_5_vl", 1.0, false, true}, Rounding{"qwen3_vl", 0.5, false, true},
                                         Rounding{"internvl", 0.5, false, true}),
                         [](const auto& chosen) { return std::string(chosen.param.dialect); });

// The long side points from the upper left to the lower right: a positive angle turns clockwise on the screen.
TEST(DialectAngle, TurnsClockwiseOnTheScreen) {
  const auto lowestRight = [](const ParsedAnswer& answer) {
    double largest = -1e9;
    for (const geo::Point& corner : answer.boxes.at(0).quad) largest = std::max(largest, corner.x + corner.y);
    return largest;
  };
  const PictureFrame frame{200, 200, 256, 256};
  const PictureFrame same{200, 200, 200, 200};
  // Half the long side of 80 reaches 40 / sqrt 2 along both axes; the short side adds nothing to x + y on this diagonal.
  const double expected = 200 + 40 * std::sqrt(2.0);
  EXPECT_NEAR(lowestRight(dialectNamed("starter").parse("ship 128 128 102 26 45", frame, {}, true)), expected, 0.5);
  EXPECT_NEAR(lowestRight(dialectNamed("skynova").parse("[[30, 45, 70, 55, 45]]", same, {}, true)), expected, 1e-9);
  EXPECT_NEAR(lowestRight(dialectNamed("geochat").parse("{<30><45><70><55>|<45>}", same, {}, true)), expected, 1e-9);
}

TEST(DialectAngle, IsTurnedInPixelsOnOblongPictures) {
  const PictureFrame frame{400, 200, 400, 200};
  const ParsedAnswer answer = dialectNamed("skynova").parse("[[40, 45, 60, 55, 90]]", frame, {}, true);
  ASSERT_EQ(answer.boxes.size(), 1U);
  const geo::OrientedBox box = geo::minimumAreaRectangle(answer.boxes[0].quad);
  EXPECT_NEAR(box.longSide, 80, 1e-9);
  EXPECT_NEAR(box.shortSide, 20, 1e-9);
  EXPECT_NEAR(std::abs(box.angleDeg), 90, 1e-9);
}

TEST(StarterFormat, SpellsWholePixelsOfTheModelsPicture) {
  const Dialect& starter = dialectNamed("starter");
  EXPECT_EQ(starter.format({{100, 50}, 30, 12, -5}, "airplane", starter.frameOf(256, 256)), "airplane 100 50 30 12 175");
  EXPECT_EQ(starter.format({{100, 50}, 30, 12, -0.2}, "airplane", starter.frameOf(256, 256)), "airplane 100 50 30 12 0");
  EXPECT_EQ(starter.format({{100, 50}, 30, 12, 89.7}, "ship", starter.frameOf(512, 512)), "ship 50 25 15 6 90");
}

TEST(RscovlmFormat, BeginsAtTheTopmostCornerAndTruncates) {
  const Dialect& dialect = dialectNamed("rscovlm_polygon");
  // 512 is seen as 504 (reference/rscovlm.md 1.5).
  const PictureFrame frame = dialect.frameOf(512, 512);
  EXPECT_EQ(frame.modelWidth, 504);
  EXPECT_EQ(dialect.format({{256, 256}, 128, 64, 0}, "plane", frame), "189,220,315,220,315,283,189,283 plane");
}

}  // namespace
}  // namespace orthoscribe::tasks
