// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/box_labels.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/learn/data/vocabulary.h"

namespace orthoscribe::learn {
namespace {

TEST(BoxLabels, ReadsCornersClassAndDifficulty) {
  const auto boxes = parseBoxLabels("10 20 50 20 50 30 10 30 storage_tank 0\n\n0 0 0 8 4 8 4 0 car 1\r\n", "labels.txt");
  ASSERT_EQ(boxes.size(), 2U);
  EXPECT_EQ(boxes[0].objectClass, kStorageTank);
  EXPECT_FALSE(boxes[0].difficult);
  EXPECT_NEAR(boxes[0].box.centre.x, 30, 1e-9);
  EXPECT_NEAR(boxes[0].box.centre.y, 25, 1e-9);
  EXPECT_NEAR(boxes[0].box.longSide, 40, 1e-9);
  EXPECT_NEAR(boxes[0].box.shortSide, 10, 1e-9);
  EXPECT_NEAR(boxes[0].box.angleDeg, 0, 1e-9);
  EXPECT_EQ(boxes[1].objectClass, kCar);
  EXPECT_TRUE(boxes[1].difficult);
  EXPECT_NEAR(boxes[1].box.angleDeg, -90, 1e-9);
}

TEST(BoxLabels, PassesOverHeadersAndForeignClasses) {
  const auto boxes =
      parseBoxLabels("imagesource:GoogleEarth\ngsd:0.5\n0 0 9 0 9 9 0 9 helicopter 0\n0 0 9 0 9 4 0 4 ship 0\n", "labels.txt");
  ASSERT_EQ(boxes.size(), 1U);
  EXPECT_EQ(boxes[0].objectClass, kShip);
}

TEST(BoxLabels, NamesFileAndLineOfABadOne) {
  for (const char* bad : {"1 2 3 4 5 6 7 car 0", "1 2 3 4 5 6 7 8 car", "1 2 3 4 5 6 7 8 car 7", "1 2 x 4 5 6 7 8 car 0",
                          "1 2 3 4 5 6 7 inf car 0"}) {
    try {
      parseBoxLabels(std::string("0 0 9 0 9 4 0 4 car 0\n") + bad + "\n", "bad.txt");
      FAIL() << bad;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
      EXPECT_NE(error.message().find("bad.txt, line 2"), std::string::npos) << error.message();
    }
  }
}

}  // namespace
}  // namespace orthoscribe::learn
