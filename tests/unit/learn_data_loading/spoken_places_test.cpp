// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/spoken_places.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "core/geo/polygon.h"
#include "core/tasks/task_prompts.h"
#include "tests/unit/learn_data_loading/made_data.h"

namespace orthoscribe::learn {
namespace {

const std::vector<std::string> kAsked = {"ship"};

PictureMove moveOf(const tasks::Dialect& dialect, const Orientation& orientation, PictureSize from, PictureSize to) {
  return {dialect.frameOf(from.width, from.height), dialect.frameOf(to.width, to.height), orientation};
}

// How far the boxes of both answers lie apart at most: centres, in pixels of the picture that is shown.
double farthest(const std::vector<tasks::SpokenBox>& boxes, const std::vector<tasks::SpokenBox>& others,
                const PictureMove& move) {
  double worst = 0;
  for (const tasks::SpokenBox& box : boxes) {
    const geo::Point wanted = geo::minimumAreaRectangle(move.moved(box.quad)).centre;
    double nearest = 1e9;
    for (const tasks::SpokenBox& other : others) {
      const geo::Point centre = geo::minimumAreaRectangle(other.quad).centre;
      nearest = std::min(nearest, std::hypot(centre.x - wanted.x, centre.y - wanted.y));
    }
    worst = std::max(worst, nearest);
  }
  return worst;
}

TEST(SpokenPlaces, BoxesOfEveryDialectFollowThePixels) {
  const std::vector<tasks::NamedQuad> objects = {{"ship", test::turnedShape("", {100, 60}, 60, 20, 30).quad},
                                                 {"ship", test::turnedShape("", {300, 200}, 80, 30, -50).quad},
                                                 {"ship", test::turnedShape("", {420, 310}, 40, 24, 0).quad}};
  for (const std::string_view name : tasks::dialectNames()) {
    const tasks::Dialect& dialect = tasks::dialectNamed(name);
    for (const Orientation& orientation : orientations()) {
      const PictureSize from{560, 392};
      const PictureSize to = orientation.swapsAxes() ? PictureSize{588, 840} : PictureSize{840, 588};
      const PictureMove move = moveOf(dialect, orientation, from, to);
      const std::string before = dialect.formatAnswer(objects, move.from);
      const auto after = movePlaces(before, dialect, move);
      ASSERT_TRUE(after) << name << ": " << before;
      const auto read = dialect.parse(before, move.from, kAsked, true).boxes;
      const auto moved = dialect.parse(*after, move.to, kAsked, true).boxes;
      ASSERT_EQ(read.size(), 3u) << name << ": " << before;
      ASSERT_EQ(moved.size(), 3u) << name << ": " << *after;
      // A whole percent of 840 pixels is 8.4 of them.
      EXPECT_LT(farthest(read, moved, move), 9.0) << name << "\n" << before << "\n" << *after;
      EXPECT_EQ(std::count(before.begin(), before.end(), '\n'), std::count(after->begin(), after->end(), '\n'));
      // The text is one that the dialect itself could have written.
      const geo::Quad first = geo::corners(geo::minimumAreaRectangle(moved.front().quad));
      EXPECT_GT(geo::area(first), 0.0);
    }
  }
}

TEST(SpokenPlaces, LinesStayInTheOrderOfTheirPlaces) {
  const tasks::Dialect& dialect = tasks::dialectNamed("rscovlm_hbb");
  const PictureMove move = moveOf(dialect, {true, 2}, {560, 560}, {560, 560});  // upside down
  EXPECT_EQ(movePlaces("10,20,40,60 plane\n10,20,40,60 ship\n100,300,200,400 ship\n", dialect, move),
            "10,500,40,540 plane\n100,160,200,260 ship\n10,500,40,540 ship\n");
  // Names that were not in order are left where they stand.
  EXPECT_EQ(movePlaces("100,300,200,400 ship\n10,20,40,60 ship\n", dialect, move), "100,160,200,260 ship\n10,500,40,540 ship\n");
}

TEST(SpokenPlaces, PolygonsKeepTheirSenseOfTurning) {
  const tasks::Dialect& dialect = tasks::dialectNamed("rscovlm_polygon");
  const PictureMove turned = moveOf(dialect, {false, 1}, {560, 560}, {560, 560});
  EXPECT_EQ(movePlaces("100,50,200,50,200,90,100,90 ship\n", dialect, turned), "470,100,510,100,510,200,470,200 ship\n");
  EXPECT_EQ(movePlaces("100,50,100,90,200,90,200,50 ship\n", dialect, turned), "470,100,470,200,510,200,510,100 ship\n")
      << "answers to phrases turn against the clock";
}

TEST(SpokenPlaces, ResizingMovesPixelsButNotShares) {
  const PictureSize small{560, 280};
  const PictureSize large{1120, 560};
  const tasks::Dialect& pixels = tasks::dialectNamed("qwen2_5_vl");
  EXPECT_EQ(movePlaces("```json\n[\n\t{\"bbox_2d\": [10, 20, 100, 200], \"label\": \"ship\"}\n]\n```", pixels,
                       moveOf(pixels, {}, small, large)),
            "```json\n[\n\t{\"bbox_2d\": [20, 40, 200, 400], \"label\": \"ship\"}\n]\n```");
  const tasks::Dialect& percents = tasks::dialectNamed("internvl");
  const std::string text = percents.formatAnswer({{"ship", test::turnedShape("", {100, 100}, 60, 40, 0).quad}},
                                                 percents.frameOf(small.width, small.height));
  EXPECT_EQ(movePlaces(text, percents, moveOf(percents, {}, small, large)), text);
}

TEST(SpokenPlaces, RequestsToSeeAPlaceFollow) {
  const tasks::Dialect& dialect = tasks::dialectNamed("rscovlm_polygon");
  const auto call = [](const std::string& numbers) {
    return "<tool_call>\n{\"name\": \"image_zoom_in\", \"arguments\": {\"bbox\": [" + numbers + "]}}\n</tool_call>";
  };
  EXPECT_EQ(movePlaces(call("100, 50, 200, 90"), dialect, moveOf(dialect, {true, 0}, {1008, 504}, {1008, 504})),
            call("808, 50, 908, 90"));
  EXPECT_EQ(movePlaces(call("100, 50, 200, 90"), dialect, moveOf(dialect, {}, {1008, 504}, {504, 252})), call("50, 25, 100, 45"));
  EXPECT_EQ(movePlaces(call("nowhere"), dialect, moveOf(dialect, {true, 0}, {1008, 504}, {1008, 504})), std::nullopt);
}

TEST(SpokenPlaces, ProseStaysAndForeignCoordinatesAreRefused) {
  const tasks::Dialect& dialect = tasks::dialectNamed("rscovlm_polygon");
  const PictureMove move = moveOf(dialect, {true, 0}, {560, 560}, {560, 560});
  for (const char* text : {"There are 3 ships and 12 cars.", "There are none.", "7", "In 2019, 5 ships", "3, 4 or 5", ""})
    EXPECT_EQ(movePlaces(text, dialect, move), text);
  for (const char* text : {"The ship at [12, 30, 40, 60] is red.", "It lies at (12, 40).", "at 1, 2, 3, 4", "<12, 13, 14>"})
    EXPECT_EQ(movePlaces(text, dialect, move), std::nullopt) << text;
}

}  // namespace
}  // namespace orthoscribe::learn
