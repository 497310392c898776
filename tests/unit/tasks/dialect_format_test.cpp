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

// Percent of 256 pixels are 2.56 pixels; half of that on each of two opposite corners, both axes, and half a degree.
const Rounding kRoundings[] = {{"starter", 2.1, true, false},     {"rscovlm_polygon", 2.0, true, true},
                               {"rscovlm_hbb", 2.0, false, true}, {"rscovlm_obb", 3.2, true, true},
                               {"lmmrotate", 0.2, true, true},    {"skynova", 3.2, true, true},
                               {"geochat", 3.2, true, true},      {"qwen2_5_vl", 1.0, false, true},
                               {"qwen3_vl", 0.5, false, true},    {"internvl", 0.5, false, true}};

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

TEST(DialectFormats, AreAllTried) {
  EXPECT_EQ(std::size(kRoundings), dialectNames().size());
  for (const std::string_view name : dialectNames()) {
    EXPECT_TRUE(std::ranges::any_of(kRoundings, [&](const Rounding& rounding) { return rounding.dialect == name; })) << name;
  }
}

INSTANTIATE_TEST_SUITE_P(All, DialectFormat, testing::ValuesIn(kRoundings),
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

TEST(RscovlmFormat, WritesUprightAndTurnedBoxesAsLines) {
  const PictureFrame frame{256, 256, 252, 252};
  const geo::OrientedBox box{{128, 128}, 64, 32, -30.6};
  EXPECT_EQ(dialectNamed("rscovlm_hbb").format({{128, 128}, 64, 32, 0}, "ship", frame), "94,110,157,141 ship");
  EXPECT_EQ(dialectNamed("rscovlm_obb").format(box, "ship", frame), "126,126,63,31,-30 ship");
}

TEST(RscovlmLines, ReadEachShapeAndItsJson) {
  const PictureFrame frame{100, 100, 200, 200};
  const auto quadOf = [&](const char* dialect, const char* text) {
    const ParsedAnswer answer = dialectNamed(dialect).parse(text, frame, {"ship"}, true);
    EXPECT_EQ(answer.boxes.size(), 1U) << text;
    return answer.boxes.empty() ? geo::Quad{} : answer.boxes[0].quad;
  };
  const geo::Quad upright = {geo::Point{10, 20}, {30, 20}, {30, 25}, {10, 25}};
  EXPECT_EQ(quadOf("rscovlm_hbb", "20,40,60,50 ship"), upright);
  EXPECT_EQ(quadOf("rscovlm_hbb", "60, 50, 20, 40 Ship\n"), upright);
  EXPECT_EQ(quadOf("rscovlm_hbb", "[\n\t{\"bbox_2d\": [20, 40, 60, 50], \"label\": \"ship\"}\n]"), upright);
  EXPECT_LT(distanceOfCorners(quadOf("rscovlm_obb", "40,45,40,10,0 ship"), upright), 1e-9);
  EXPECT_LT(distanceOfCorners(quadOf("rscovlm_obb", "[{\"oriented bbox\": [40, 45, 40, 10, 0], \"label\": \"ship\"}]"), upright),
            1e-9);
  // Another shape's line is none.
  EXPECT_EQ(dialectNamed("rscovlm_hbb").parse("1,1,9,1,9,9,1,9 ship", frame, {"ship"}, true).dropped, 1);
  EXPECT_EQ(dialectNamed("rscovlm_obb").parse("1,1,9,1 ship", frame, {"ship"}, true).dropped, 1);
  EXPECT_EQ(dialectNamed("rscovlm_obb").parse("There are none.", frame, {"ship"}, true).dropped, 0);
}

std::string locations(std::initializer_list<int> bins) {
  std::string text;
  for (const int bin : bins) text += "<loc_" + std::to_string(bin) + ">";
  return text;
}

TEST(LmmRotate, NamesAClassOnceAndSeparatesItsPolygons) {
  const PictureFrame frame{1000, 500, 1000, 500};
  const std::string one = locations({10, 20, 30, 20, 30, 40, 10, 40});
  const std::string two = locations({0, 0, 999, 0, 999, 999, 0, 999});
  const ParsedAnswer answer =
      dialectNamed("lmmrotate").parse("</s><s>ship" + one + "<sep>" + two + "small vehicle" + two + "</s>", frame, {}, true);
  ASSERT_EQ(answer.boxes.size(), 3U);
  EXPECT_EQ(answer.dropped, 0);
  EXPECT_EQ(answer.boxes[0].label, "ship");
  EXPECT_EQ(answer.boxes[1].label, "ship");
  EXPECT_EQ(answer.boxes[2].label, "small vehicle");
  EXPECT_EQ(answer.boxes[0].quad[0], (geo::Point{10.5, 10.25}));  // the middle of the bins
  EXPECT_EQ(answer.boxes[1].quad[2], (geo::Point{999.5, 499.75}));
  // The first version of its data has no separator.
  EXPECT_EQ(dialectNamed("lmmrotate").parse("ship" + one + two, frame, {}, true).boxes.size(), 2U);
  EXPECT_EQ(dialectNamed("lmmrotate").parse("There are none.", frame, {}, true).dropped, 0);
}

TEST(LmmRotate, DropsWhatIsNoPolygon) {
  const PictureFrame frame{1000, 500, 1000, 500};
  const std::string whole = locations({10, 20, 30, 20, 30, 40, 10, 40});
  const auto droppedIn = [&](const std::string& text) {
    const ParsedAnswer answer = dialectNamed("lmmrotate").parse(text, frame, {}, true);
    EXPECT_EQ(answer.boxes.size(), 1U) << text;
    return answer.dropped;
  };
  EXPECT_EQ(droppedIn("ship" + whole + "<sep>" + locations({1, 2, 3})), 1);
  EXPECT_EQ(droppedIn("ship" + locations({1, 2, 3}) + "<sep>" + whole), 1);
  EXPECT_EQ(droppedIn("ship" + locations({1000, 20, 30, 20, 30, 40, 10, 40}) + "<sep>" + whole), 1);
  EXPECT_EQ(droppedIn("ship" + whole + "<sep><loc_12"), 0);  // a token cut short begins nothing
}

TEST(LmmRotateFormat, BeginsAtTheTopmostCornerAndGoesRound) {
  const Dialect& dialect = dialectNamed("lmmrotate");
  EXPECT_EQ(dialect.format({{256, 256}, 128, 64, 0}, "plane", dialect.frameOf(512, 512)),
            "plane<loc_375><loc_437><loc_375><loc_562><loc_625><loc_562><loc_625><loc_437>");
}

TEST(DroppedParts, SayWhereAndWhy) {
  const PictureFrame frame{100, 100, 100, 100};
  const auto partsOf = [&](const char* dialect, std::string_view text) {
    const ParsedAnswer answer = dialectNamed(dialect).parse(text, frame, {"ship"}, true);
    EXPECT_EQ(answer.dropped, int(answer.droppedParts.size()));
    std::string said;
    for (const DroppedPart& part : answer.droppedParts) {
      said += (said.empty() ? "" : "; ") + std::string(text.substr(part.textBegin, part.textEnd - part.textBegin)) + ": " +
              std::string(part.why);
    }
    return said;
  };
  EXPECT_EQ(partsOf("skynova", "[[1, 2, 3]] [5, 5, 5, 9, 0] [1, a, 2, 3] [4, 5"),
            "[1, 2, 3]: wrong count of numbers; [5, 5, 5, 9, 0]: no area; [1, a, 2, 3]: not made of numbers; [4, 5: cut short");
  EXPECT_EQ(partsOf("geochat", "{<1><2>}{<3><1><3><9>}{<1><2"),
            "{<1><2>: not four or five numbers; {<3><1><3><9>: no area; {<1><2: not four or five numbers");
  EXPECT_EQ(partsOf("qwen2_5_vl", "[{\"bbox_2d\": [1, 2, 3]}, {\"point_2d\": [1, 2]}, {\"bbox_2d\": [1"),
            "{\"bbox_2d\": [1, 2, 3]}: wrong count of numbers; {\"point_2d\": [1, 2]}: no box; {\"bbox_2d\": [1: cut short");
  EXPECT_EQ(partsOf("rscovlm_polygon", "Here:\n1,2,3,4 ship\n"),
            "Here:: no line of whole numbers and a name; 1,2,3,4 ship: wrong count of numbers");
  EXPECT_EQ(partsOf("starter", "ship 1 2 0 4 5\nship 1\n"), "ship 1 2 0 4 5: no area; ship 1: fewer than five numbers");
  EXPECT_EQ(partsOf("lmmrotate", "ship<loc_1><loc_2>\n"), "<loc_1><loc_2>\n: fewer than eight location tokens");
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
