// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

TEST(Voc, ReadsUprightAndTurnedBoxes) {
  MadeSet set;
  set.picture("JPEGImages/a.jpg", 200, 100);
  set.text("Annotations/a.xml", R"(<annotation><filename>a.jpg</filename><size><width>200</width><height>100</height></size>
<object><name>ship</name><difficult>1</difficult><bndbox><xmin>10</xmin><ymin>20</ymin><xmax>60</xmax><ymax>40</ymax></bndbox></object>
<object><type>robndbox</type><name>plane</name><robndbox><cx>100</cx><cy>50</cy><w>40</w><h>20</h><angle>0.7853981634</angle></robndbox></object>
<object><name>bridge</name><robndbox><x_left_top>5</x_left_top><y_left_top>60</y_left_top><x_right_top>25</x_right_top><y_right_top>70</y_right_top><x_right_bottom>20</x_right_bottom><y_right_bottom>80</y_right_bottom><x_left_bottom>0</x_left_bottom><y_left_bottom>70</y_left_bottom></robndbox></object>
</annotation>)");
  const ReadSet read = readAll({.source = set.path()});
  ASSERT_EQ(read.records.size(), 1U);
  const std::vector<LabelledShape>& objects = read.records[0].objects;
  ASSERT_EQ(objects.size(), 3U);
  EXPECT_TRUE(objects[0].difficult);
  EXPECT_EQ(cornersText(objects[0].quad), "10,20 60,20 60,40 10,40");
  // Turned clockwise on the screen: the long side goes from the upper left to the lower right.
  const geo::OrientedBox turned = geo::minimumAreaRectangle(objects[1].quad);
  EXPECT_NEAR(turned.angleDeg, 45, 1e-6);
  EXPECT_NEAR(turned.longSide, 40, 1e-6);
  EXPECT_EQ(cornersText(objects[2].quad), "5,60 25,70 20,80 0,70");
}

TEST(Voc, NamesTheFieldOfABadObjectAndTheLineOfBadXml) {
  MadeSet set;
  set.picture("images/a.png", 50, 50);
  set.picture("images/b.png", 50, 50);
  set.text(
      "Annotations/a.xml",
      "<annotation><object><name>ship</name><bndbox><xmin>1</xmin><ymin>x</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></object>"
      "<object><name>ship</name></object>"
      "<object><name>ship</name><bndbox><xmin>1</xmin><ymin>1</ymin><xmax>5</xmax><ymax>5</ymax></bndbox></object></annotation>");
  set.text("Annotations/b.xml", "<annotation>\n<object>\n<name>ship</nam>\n</object></annotation>");
  const ReadSet read = readAll({.source = set.path()});
  ASSERT_EQ(read.records.size(), 1U);
  EXPECT_EQ(read.records[0].objects.size(), 1U);
  const std::vector<BadRecord>& bad = read.report.skipped();
  ASSERT_EQ(bad.size(), 3U);
  EXPECT_NE(bad[0].where.find("a.xml, object 1"), std::string::npos) << bad[0].where;
  EXPECT_NE(bad[0].what.find("ymin"), std::string::npos) << bad[0].what;
  EXPECT_NE(bad[1].what.find("bndbox"), std::string::npos) << bad[1].what;
  EXPECT_NE(bad[2].where.find("b.xml"), std::string::npos);
  EXPECT_NE(bad[2].what.find("ine 3"), std::string::npos) << bad[2].what;
}

}  // namespace
}  // namespace orthoscribe::learn
