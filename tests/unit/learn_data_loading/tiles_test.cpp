// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <fstream>
#include <random>
#include <set>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/geo/box_grid.h"
#include "core/geo/polygon.h"
#include "core/learn/data/processing/open_picture.h"
#include "core/learn/data/processing/tile_set.h"
#include "tests/unit/learn_data_loading/made_data.h"

namespace orthoscribe::learn {
namespace {

bool insidePolygon(const geo::Quad& quad, geo::Point point) {
  bool inside = false;
  for (std::size_t i = 0, j = 3; i < 4; j = i++) {
    if ((quad[i].y > point.y) != (quad[j].y > point.y) &&
        point.x < (quad[j].x - quad[i].x) * (point.y - quad[i].y) / (quad[j].y - quad[i].y) + quad[i].x)
      inside = !inside;
  }
  return inside;
}

// By counting points of a grid: share of the quad's area inside the rectangle, and those points.
struct Counted {
  double share = 0;
  std::vector<geo::Point> inside;
};

Counted countedShare(const geo::Quad& quad, const geo::PixelRect& rect) {
  constexpr double kStep = 0.25;
  Counted counted;
  double whole = 0;
  const auto left = static_cast<double>(rect.column);
  const auto top = static_cast<double>(rect.row);
  const geo::UprightBox bounds = geo::uprightBoxOf(quad);
  for (double y = bounds.minY + kStep / 2; y < bounds.maxY; y += kStep) {
    for (double x = bounds.minX + kStep / 2; x < bounds.maxX; x += kStep) {
      if (!insidePolygon(quad, {x, y})) continue;
      ++whole;
      if (x < left || y < top || x > left + double(rect.width) || y > top + double(rect.height)) continue;
      counted.inside.push_back({x, y});
    }
  }
  counted.share = whole > 0 ? double(counted.inside.size()) / whole : 0;
  return counted;
}

TEST(Tiles, CutBoxesAgreeWithCountedPoints) {
  std::mt19937 random(5);
  std::uniform_real_distribution<double> place(-20, 220);
  std::uniform_real_distribution<double> side(12, 60);
  std::uniform_real_distribution<double> angle(-90, 90);
  const geo::PixelRect rect{40, 60, 100, 80};
  TileOptions drop;
  drop.rest = CutBoxes::Drop;
  const TileOptions mark;
  int kept = 0;
  int cut = 0;
  for (int round = 0; round < 60; ++round) {
    const LabelledShape shape =
        test::turnedShape("ship", {place(random), place(random)}, side(random), side(random), angle(random));
    const Counted counted = countedShare(shape.quad, rect);
    const auto polygon = clippedToRect(shape.quad, rect);
    EXPECT_NEAR(geo::area(polygon) / geo::area(shape.quad), counted.share, 0.02);
    const auto marked = shapeInTile(shape, rect, mark);
    const auto dropped = shapeInTile(shape, rect, drop);
    EXPECT_EQ(marked.has_value(), !polygon.empty());
    if (std::abs(counted.share - mark.keepShare) < 0.02) continue;
    EXPECT_EQ(dropped.has_value(), counted.share >= drop.keepShare) << counted.share;
    if (!marked) continue;
    EXPECT_EQ(marked->difficult, counted.share < mark.keepShare);
    ++(counted.share < mark.keepShare ? cut : kept);
    // The box holds everything of the object that the tile shows.
    geo::Quad grown = geo::corners([&] {
      geo::OrientedBox box = geo::minimumAreaRectangle(marked->quad);
      box.longSide += 0.01;
      box.shortSide += 0.01;
      return box;
    }());
    for (geo::Point& corner : grown) corner = {corner.x + double(rect.column), corner.y + double(rect.row)};
    for (const geo::Point& point : counted.inside) ASSERT_TRUE(insidePolygon(grown, point));
  }
  EXPECT_GE(kept, 5);
  EXPECT_GE(cut, 5);
}

TEST(Tiles, BoxesInsideKeepTheirCornersAndOthersGo) {
  LabelledShape shape{"court", {{{50, 70}, {70, 72}, {69, 81}, {50, 80}}}, true};  // no rectangle: it must not become one
  const auto inside = shapeInTile(shape, {40, 60, 100, 80}, {});
  ASSERT_TRUE(inside);
  EXPECT_EQ(inside->quad, (geo::Quad{{{10, 10}, {30, 12}, {29, 21}, {10, 20}}}));
  EXPECT_TRUE(inside->difficult);
  EXPECT_FALSE(shapeInTile(shape, {200, 60, 100, 80}, {}));
  shape.quad = {{{50, 70}, {70, 70}, {70, 70}, {50, 70}}};
  EXPECT_FALSE(shapeInTile(shape, {40, 60, 100, 80}, {})) << "a box without area";
}

TEST(Tiles, NamesTellWhereTheyWereCut) {
  const TileName name{"P0001__north", 512, 1024, 0};
  EXPECT_EQ(name.text(), "P0001__north__512__1024___0");
  EXPECT_EQ(parseTileName(name.text()), name);
  for (const char* other : {"P0001", "P0001__512__12", "a__b__1___2", "__512__0___0", "a__0__1___2", "a__512__-3___2"})
    EXPECT_FALSE(parseTileName(other)) << other;
}

TEST(Tiles, CoverThePictureWithItsPixels) {
  const RgbImage image = test::busyImage(300, 170, 3);
  test::MadeRaster raster(image);
  TileOptions options;
  options.sizePx = 128;
  options.overlapPx = 32;
  std::vector<int> covered(300 * 170, 0);
  const std::vector<LabelledShape> objects = {test::turnedShape("ship", {150, 85}, 40, 12, 30)};
  int withShip = 0;
  const int count =
      cutTiles(raster, "scene", objects, options,
               [&](const CutTile& tile) {
                 EXPECT_EQ(tile.image.width, 128);
                 EXPECT_EQ(tile.image.height, 128);
                 for (int row = 0; row < tile.image.height; ++row) {
                   for (int column = 0; column < tile.image.width; ++column) {
                     const int x = int(tile.name.column) + column;
                     const int y = int(tile.name.row) + row;
                     ASSERT_TRUE(std::equal(tile.image.at(column, row), tile.image.at(column, row) + 3, image.at(x, y)));
                     ++covered[std::size_t(y) * 300 + std::size_t(x)];
                   }
                 }
                 withShip += tile.objects.empty() ? 0 : 1;
               },
               {});
  EXPECT_EQ(count, 6);
  EXPECT_GE(withShip, 1);
  EXPECT_EQ(std::count(covered.begin(), covered.end(), 0), 0);
  EXPECT_LE(raster.largestWindow, 128 * 128);
  options.overlapPx = 128;
  EXPECT_THROW(cutTiles(raster, "scene", objects, options, [](const CutTile&) {}, {}), Error);
}

class ListedRecords final : public RecordReader {
 public:
  explicit ListedRecords(std::vector<Record> records) : records_(std::move(records)) {}
  std::optional<Record> next() override { return at_ < records_.size() ? std::optional(records_[at_++]) : std::nullopt; }

 private:
  std::vector<Record> records_;
  std::size_t at_ = 0;
};

TEST(Tiles, SetIsWrittenAndBadPicturesAreToldAndSkipped) {
  const TemporaryDirectory folder;
  writePicture(test::busyImage(200, 100, 1), folder.path() / "good.png", 90);
  std::ofstream(folder.path() / "bad.jpg") << "no picture";
  Record good;
  good.image = folder.path() / "good.png";
  good.where = "list:1";
  good.objects = {test::turnedShape("storage tank", {30, 30}, 20, 20, 0)};
  Record bad = good;
  bad.image = folder.path() / "bad.jpg";
  bad.where = "list:2";
  ListedRecords records({good, bad});
  TileSetOptions options;
  options.tiles.sizePx = 100;
  options.tiles.overlapPx = 0;
  options.png = true;
  SkipReport report;
  TileSetWriter writer(folder.path() / "out", options);
  writer.add(records, report, {}, {});
  const TileSetSummary& summary = writer.summary();
  EXPECT_EQ(summary.pictures, 1);
  EXPECT_EQ(summary.tiles, 2);
  ASSERT_EQ(report.skipped().size(), 1u);
  EXPECT_EQ(report.skipped()[0].where, "list:2");
  EXPECT_EQ(readTextFile(folder.path() / "out/labels/good__100__0___0.txt"),
            "20.00 20.00 40.00 20.00 40.00 40.00 20.00 40.00 storage-tank 0\n");
  EXPECT_EQ(readTextFile(folder.path() / "out/labels/good__100__100___0.txt"), "");
  EXPECT_EQ(readPicture(folder.path() / "out/images/good__100__100___0.png").width, 100);

  Record twin = good;
  std::filesystem::create_directories(folder.path() / "other");
  writePicture(test::busyImage(50, 50, 2), folder.path() / "other/good.png", 90);
  twin.image = folder.path() / "other/good.png";
  ListedRecords twins({good, twin});
  TileSetWriter again(folder.path() / "out2", options);
  EXPECT_THROW(again.add(twins, report, {}, {}), Error);
}

}  // namespace
}  // namespace orthoscribe::learn
