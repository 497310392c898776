// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/direction_words.h"

#include <gtest/gtest.h>

namespace orthoscribe::learn {
namespace {

constexpr Orientation kMirrored{true, 0};
constexpr Orientation kClockwise{false, 1};
constexpr Orientation kHalfTurn{false, 2};

struct Case {
  const char* before;
  Orientation orientation;
  const char* after;
};

TEST(DirectionWords, FollowThePicture) {
  const Case cases[] = {
      {"a car in the top left corner", kMirrored, "a car in the top right corner"},
      {"a car in the top left corner", kClockwise, "a car in the top right corner"},
      {"a car in the top right corner", kClockwise, "a car in the bottom right corner"},
      {"a car in the top-left corner", kHalfTurn, "a car in the bottom-right corner"},
      {"the upper left and the lower right", kMirrored, "the upper right and the lower left"},
      {"the upper left and the lower right", kClockwise, "the upper right and the lower left"},
      {"the upper half", kClockwise, "the right half"},
      {"the left half", kClockwise, "the top half"},
      {"from left to right", kMirrored, "from right to left"},
      {"from left to right", kClockwise, "from top to bottom"},
      {"The leftmost ship", kClockwise, "The topmost ship"},
      {"a pool to the left of the house", kMirrored, "a pool to the right of the house"},
      {"a pool to the left of the house", kClockwise, "a pool above the house"},
      {"a pool above the house", kClockwise, "a pool to the right of the house"},
      {"a pool above the house", kHalfTurn, "a pool below the house"},
      {"a pool above the house", kMirrored, "a pool above the house"},
      {"on the left of the image", kClockwise, "on the top of the image"},
      {"Left", kMirrored, "Right"},
      {"LEFT", kMirrored, "RIGHT"},
      {"Top Left", kHalfTurn, "Bottom Right"},
      {"north of the road", kHalfTurn, "south of the road"},
      {"in the northeast", kMirrored, "in the northwest"},
      {"the north-eastern part", kClockwise, "the south-eastern part"},
      {"the northwestern part", kClockwise, "the northeastern part"},
      {"a northern wing", kClockwise, "an eastern wing"},
      {"an eastern wing", kClockwise, "a southern wing"},
      {"an upper floor", kClockwise, "a right floor"},
      {"runs horizontally", kClockwise, "runs vertically"},
      {"runs horizontally", kHalfTurn, "runs horizontally"},
      {"the top row", kClockwise, "the right column"},
      {"the top row", kHalfTurn, "the bottom row"},
      {"cars go clockwise", kMirrored, "cars go counterclockwise"},
      {"cars go counter-clockwise", kMirrored, "cars go clockwise"},
      {"cars go clockwise", kClockwise, "cars go clockwise"},
      {"a house right next to the road on the right", kMirrored, "a house right next to the road on the left"},
      {"at a right angle", kMirrored, "at a right angle"},
      {"seen from above", kHalfTurn, "seen from above"},
      {"five ships in a row", kClockwise, "five ships in a row"},
      {"cars lined up", kMirrored, "cars lined up"},
      {"A. top left B. bottom right", kMirrored, "A. top right B. bottom left"},
      {"lower left corner", kHalfTurn, "upper right corner"},
      {"Locate the bottom ship, output the bbox coordinates using JSON format", kHalfTurn,
       "Locate the top ship, output the bbox coordinates using JSON format"},
      {"", kMirrored, ""},
      {"three ships", kClockwise, "three ships"},
  };
  for (const Case& one : cases)
    EXPECT_EQ(turnDirectionWords(one.before, one.orientation), one.after)
        << one.before << " / " << one.orientation.mirrored << one.orientation.quarterTurns;
}

TEST(DirectionWords, RefuseWhatTheyCannotMap) {
  const Case cases[] = {
      {"cars lined up", kClockwise, nullptr},
      {"lower buildings stand there", kHalfTurn, nullptr},
      {"the second row", kClockwise, nullptr},
      {"the second row", kMirrored, nullptr},
      {"a town in North Carolina", kHalfTurn, nullptr},
      {"the Middle East", kMirrored, nullptr},
      {"at two o'clock", kMirrored, nullptr},
      {"the left-hand side", kClockwise, nullptr},
      {"above 20 metres", kHalfTurn, nullptr},
      {"the top of the roof", kClockwise, nullptr},
      {"on top of the image", kHalfTurn, nullptr},
      {"the cars turn right", kMirrored, nullptr},
      {"give the coordinates of the top left and bottom right corners", kMirrored, nullptr},
      {"give [left, top, right, bottom]", kMirrored, nullptr},
      {"its heading is unclear", kMirrored, nullptr},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(turnDirectionWords(one.before, one.orientation), std::nullopt) << one.before;
    EXPECT_EQ(turnDirectionWords(one.before, {}), one.before) << "nothing changes when nothing is turned";
  }
}

TEST(DirectionWords, TurningBackGivesTheSameText) {
  const char* texts[] = {"a ship in the top left corner, west of the pier", "the leftmost car of the upper half",
                         "a road runs from north to south to the right of the river", "An eastern and a northern wing"};
  for (const char* text : texts) {
    for (const Orientation& orientation : orientations()) {
      // A mirrored orientation undoes itself; quarter turns are undone by the rest of the round.
      const Orientation back = orientation.mirrored ? orientation : Orientation{false, (4 - orientation.quarterTurns) % 4};
      const auto there = turnDirectionWords(text, orientation);
      ASSERT_TRUE(there) << text;
      const auto again = turnDirectionWords(*there, back);
      ASSERT_TRUE(again) << *there;
      if (orientation.swapsAxes()) continue;  // "upper" becomes "left", which comes back as "top"
      EXPECT_EQ(*again, text) << *there;
    }
  }
}

}  // namespace
}  // namespace orthoscribe::learn
