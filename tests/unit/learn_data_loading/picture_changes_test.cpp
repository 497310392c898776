// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/picture_changes.h"

#include <gtest/gtest.h>

#include "tests/unit/learn_data_loading/made_data.h"

namespace orthoscribe::learn {
namespace {

PlaceFrames lines() {
  return {&tasks::dialectNamed("rscovlm_hbb"), std::nullopt};
}

TEST(PictureChanges, WordsPlacesAndObjectsFollowTogether) {
  Conversation asked = test::askedAbout("a.jpg", "find the ship on the left", "10,20,40,60 ship\n");
  asked.turns.insert(asked.turns.begin(), {Role::System, "coordinates of the left top and right down corners"});
  asked.rejected = "100,20,140,60 ship\n";
  asked.references = {"a ship to the left of a pier"};
  asked.objects = {{"ship", {{{10, 20}, {40, 20}, {40, 60}, {10, 60}}}, false}};
  const auto mirrored = changed(asked, {{560, 560}}, {{true, 0}, {{560, 560}}}, lines());
  ASSERT_TRUE(mirrored);
  EXPECT_EQ(mirrored->turns[0], asked.turns[0]) << "what the system says stays";
  EXPECT_EQ(mirrored->turns[1].text, "<image>find the ship on the right");
  EXPECT_EQ(mirrored->turns[2].text, "520,20,550,60 ship\n");
  EXPECT_EQ(mirrored->rejected, "420,20,460,60 ship\n");
  EXPECT_EQ(mirrored->references.front(), "a ship to the right of a pier");
  EXPECT_EQ(mirrored->objects.front().quad[0], (geo::Point{550, 20}));

  const auto larger = changed(asked, {{560, 560}}, {{}, {{840, 840}}}, lines());
  ASSERT_TRUE(larger);
  EXPECT_EQ(larger->turns[2].text, "15,30,60,90 ship\n");
  EXPECT_EQ(larger->objects.front().quad[2], (geo::Point{60, 90}));
}

TEST(PictureChanges, AnythingThatCannotFollowRefusesAll) {
  const PictureChanges mirror{{true, 0}, {{560, 560}}};
  EXPECT_FALSE(changed(test::askedAbout("a.jpg", "Where is it?", "in the second row"), {{560, 560}}, mirror, lines()));
  EXPECT_FALSE(changed(test::askedAbout("a.jpg", "What is at [10, 20, 30, 40]?", "a ship"), {{560, 560}}, mirror, lines()));
  // Boxes beside two pictures: whose are they?
  Conversation two = test::askedAbout("a.jpg", "find the ship", "10,20,40,60 ship\n");
  two.images.push_back("b.jpg");
  EXPECT_FALSE(changed(two, {{560, 560}, {560, 560}}, {{true, 0}, {{560, 560}, {560, 560}}}, lines()));
  EXPECT_EQ(changed(two, {{560, 560}, {560, 560}}, {{}, {{560, 560}, {560, 560}}}, lines()), two);
}

TEST(PictureChanges, PlacesComeToTheModelsOwnPixels) {
  const PlaceFrames small{lines().dialect, ResizeLimits{28, 4 * 784, 100 * 784}};
  const auto seen =
      changed(test::askedAbout("a.jpg", "find the ship", "10,20,40,60 ship\n"), {{560, 560}}, {{}, {{560, 560}}}, small);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->turns[1].text, "5,10,20,30 ship\n") << "560 pixels are seen as 280";
}

TEST(PictureChanges, TextsMayHaveBeenWrittenForOtherPixels) {
  PlaceFrames frames = lines();
  frames.written = ResizeLimits{28, 4 * 784, 100 * 784};
  const auto seen =
      changed(test::askedAbout("a.jpg", "find the ship", "5,10,20,30 ship\n"), {{560, 560}}, {{}, {{560, 560}}}, frames);
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->turns[1].text, "10,20,40,60 ship\n");
}

TEST(PictureChanges, TextAloneStays) {
  const Conversation text = test::askedAbout("", "Which band is left of red?", "green");
  EXPECT_EQ(changed(text, {}, {{true, 0}, {}}, lines()), text);
}

}  // namespace
}  // namespace orthoscribe::learn
