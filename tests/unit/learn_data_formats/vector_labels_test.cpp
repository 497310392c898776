// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>
#include <ogrsf_frmts.h>

#include <algorithm>

#include "core/base/error.h"
#include "core/geo/gdal_support.h"
#include "core/geo/polygon.h"
#include "tests/raster/made_raster.h"
#include "tests/unit/learn_data_formats/made_set.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

// 100 by 80 pixels of half a metre.
void writeRaster(const fs::path& path) {
  geo::MadeRaster raster;
  raster.width = 100;
  raster.height = 80;
  raster.write(path);
}

std::string polygon(const char* properties, double left, double top, double right, double bottom) {
  const auto at = [](double column, double row) {
    return "[" + std::to_string(500000 + 0.5 * column) + "," + std::to_string(4000000 - 0.5 * row) + "]";
  };
  return std::string(R"({"type":"Feature","properties":)") + properties + R"(,"geometry":{"type":"Polygon","coordinates":[[)" +
         at(left, top) + "," + at(right, top) + "," + at(right, bottom) + "," + at(left, bottom) + "," + at(left, top) + "]]}}";
}

std::string collection(const std::vector<std::string>& features) {
  std::string text =
      R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32633"}},"features":[)";
  for (const std::string& feature : features) text += (text.ends_with('[') ? "" : ",") + feature;
  return text + "]}";
}

TEST(VectorLabels, BecomeQuadsWithTheAttributesClass) {
  MadeSet set;
  writeRaster(set / "r.tif");
  set.text(
      "r_labels.geojson",
      collection(
          {polygon(R"({"kind":"roof"})", 10, 20, 30, 40), polygon(R"({"kind":"tank"})", 90, 70, 120, 100),
           polygon(R"({"kind":"roof"})", 200, 10, 220, 30), polygon(R"({"kind":null})", 1, 1, 5, 5),
           R"({"type":"Feature","properties":{"kind":"roof"},"geometry":{"type":"Point","coordinates":[500001,3999999]}})"}));
  const ReadSet read = readAll({.source = set / "r.tif", .labelField = "kind"});
  ASSERT_EQ(read.records.size(), 1U);
  const Record& record = read.records[0];
  EXPECT_EQ(record.widthPx, 100);
  ASSERT_EQ(record.objects.size(), 2U);
  EXPECT_EQ(record.objects[0].label, "roof");
  const geo::Quad expected = {geo::Point{10, 20}, {30, 20}, {30, 40}, {10, 40}};
  EXPECT_GT(geo::polygonIou(record.objects[0].quad, expected), 0.999);
  const geo::Quad cut = {geo::Point{90, 70}, {100, 70}, {100, 80}, {90, 80}};
  EXPECT_GT(geo::polygonIou(record.objects[1].quad, cut), 0.999);
  EXPECT_EQ(read.report.count(BadKind::OutsideImage), 1);
  EXPECT_EQ(read.report.count(BadKind::BrokenRecord), 2);
  EXPECT_EQ(read.report.clippedCount(), 1);
}

TEST(VectorLabels, AskForTheAttributeOrOneClass) {
  MadeSet set;
  writeRaster(set / "r.tif");
  set.text("r.geojson", collection({polygon(R"({"kind":"roof"})", 10, 20, 30, 40)}));
  try {
    readAll({.source = set / "r.tif"});
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("there are kind"), std::string::npos) << error.message();
    EXPECT_NE(error.hint().find("--label-field"), std::string::npos);
  }
  EXPECT_EQ(readAll({.source = set / "r.tif", .classes = {"building"}}).records.at(0).objects.at(0).label, "building");
}

// The corners by another way: OGR's geometries transformed by GDAL, put through the inverse of GDAL's own geotransform.
TEST(VectorLabels, LieWhereGdalPutsThem) {
  const fs::path raster = fs::path(ORTHOSCRIBE_SHARED_DIR) / "data/vector_labels/kampala_a.tif";
  if (!fs::exists(raster)) GTEST_SKIP() << raster << " is not at hand";
  const ReadSet read = readAll({.source = raster});
  ASSERT_EQ(read.records.size(), 1U);
  EXPECT_EQ(read.records[0].objects.size(), 108U);
  EXPECT_EQ(read.report.skippedCount(), 0);

  geo::prepareGdal();
  const GDALDatasetUniquePtr picture(GDALDataset::Open(raster.c_str(), GDAL_OF_RASTER));
  const GDALDatasetUniquePtr labels(
      GDALDataset::Open((raster.parent_path() / "kampala_a_buildings.geojson").c_str(), GDAL_OF_VECTOR));
  ASSERT_TRUE(picture && labels);
  double forward[6];
  double back[6];
  ASSERT_EQ(picture->GetGeoTransform(forward), CE_None);
  ASSERT_TRUE(GDALInvGeoTransform(forward, back));
  std::size_t number = 0;
  std::size_t whole = 0;
  for (const auto& feature : *labels->GetLayer(0)) {
    const std::unique_ptr<OGRGeometry> outline(feature->GetGeometryRef()->clone());
    OGRSpatialReference to(*picture->GetSpatialRef());
    to.SetAxisMappingStrategy(OAMS_TRADITIONAL_GIS_ORDER);
    ASSERT_EQ(outline->transformTo(&to), OGRERR_NONE);
    std::vector<geo::Point> points;
    for (const OGRPoint& vertex : *outline->toPolygon()->getExteriorRing()) {
      double column = 0;
      double row = 0;
      GDALApplyGeoTransform(back, vertex.getX(), vertex.getY(), &column, &row);
      points.push_back({column, row});
    }
    points.pop_back();
    const geo::Quad expected = geo::corners(geo::minimumAreaRectangle(points));
    const geo::Quad& found = read.records[0].objects.at(number++).quad;
    const bool cut = std::ranges::any_of(expected, [&](geo::Point corner) {
      return corner.x < 0 || corner.y < 0 || corner.x > picture->GetRasterXSize() || corner.y > picture->GetRasterYSize();
    });
    whole += cut ? 0 : 1;
    if (cut) {
      EXPECT_GT(geo::intersectionArea(found, expected), 0.99 * geo::area(found));
    } else {
      // Around a triangle there are three smallest rectangles: the polygon itself must fill the one that was found as well.
      EXPECT_GT(geo::intersectionArea(found, points), 0.995 * geo::area(points));
      EXPECT_NEAR(geo::area(found), geo::area(expected), 0.01 * geo::area(expected));
    }
  }
  EXPECT_EQ(number, 108U);
  EXPECT_EQ(108 - whole, std::size_t(read.report.clippedCount()));
  EXPECT_GE(whole, 90U);
}

}  // namespace
}  // namespace orthoscribe::learn
