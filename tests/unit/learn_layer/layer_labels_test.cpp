// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>

#include "core/base/files.h"
#include "core/learn/data/vocabulary.h"
#include "core/learn/layer_training/layer_labels.h"
#include "tests/raster/made_raster.h"
#include "tests/unit/model/expect_error.h"

namespace orthoscribe::learn {
namespace {

// A raster of 64 x 48 pixels of half a metre; polygons are given by the corner of a 4 x 4 m square and their attributes.
class LayerLabels : public ::testing::Test {
 protected:
  void SetUp() override { geo::MadeRaster{}.write(folder_.path() / "scene.tif"); }

  std::string file(const std::vector<std::string>& features) const {
    std::string text =
        R"({"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::32633"}},"features":[)";
    for (std::size_t index = 0; index < features.size(); ++index) text += (index > 0 ? "," : "") + features[index];
    const std::filesystem::path path = folder_.path() / "labels.geojson";
    writeTextFile(path, text + "]}");
    return path.string();
  }
  static std::string square(double x, double y, const std::string& properties) {
    const auto point = [&](double dx, double dy) { return "[" + std::to_string(x + dx) + "," + std::to_string(y + dy) + "]"; };
    return R"({"type":"Feature","properties":{)" + properties + R"(},"geometry":{"type":"Polygon","coordinates":[[)" +
           point(0, 0) + "," + point(4, 0) + "," + point(4, 4) + "," + point(0, 4) + "," + point(0, 0) + "]]}}";
  }
  std::vector<LayerLabel> read(const LabelSource& source) const {
    const geo::GdalRaster raster((folder_.path() / "scene.tif").string());
    return readLayerLabels(source, raster);
  }

  TemporaryDirectory folder_;
};

TEST_F(LayerLabels, AreReadWithClassAndReview) {
  const std::string path = file({square(500002, 3999990, R"("kind":"storage_tank","review":"accepted")"),
                                 square(500010, 3999990, R"("kind":"Car","review":"rejected")"),
                                 square(500020, 3999990, R"("kind":"car","review":null)")});
  const auto labels = read({.path = path, .labelField = "kind", .label = {}, .asClass = {}, .statusField = "review"});
  ASSERT_EQ(labels.size(), 3U);
  EXPECT_EQ(labels[0].objectClass, kStorageTank);
  EXPECT_FALSE(labels[0].rejected);
  EXPECT_TRUE(labels[1].rejected);
  EXPECT_EQ(labels[2].objectClass, kCar);
  EXPECT_FALSE(labels[2].rejected);
  EXPECT_NEAR(labels[0].outline.front().x, 4, 1e-6);
  EXPECT_NEAR(labels[0].outline.front().y, 20, 1e-6);
}

TEST_F(LayerLabels, OneClassCanStandForAll) {
  const std::string path = file({square(500002, 3999990, R"("kind":"solar panel")")});
  const auto labels = read({.path = path, .labelField = "kind", .label = {}, .asClass = "building", .statusField = {}});
  ASSERT_EQ(labels.size(), 1U);
  EXPECT_EQ(labels.front().objectClass, kBuilding);
  expectError(ErrorCode::InvalidInput, {"solar panel", "--as", "building", "swimming pool"},
              [&] { read({.path = path, .labelField = "kind", .label = {}, .asClass = {}, .statusField = {}}); });
}

TEST_F(LayerLabels, WhatCannotBeUsedIsNamed) {
  const std::string path = file({square(500002, 3999990, R"("kind":"car","review":"maybe","empty":null)")});
  const auto with = [&](const char* field, const char* status) {
    return LabelSource{.path = path, .labelField = field, .label = {}, .asClass = {}, .statusField = status};
  };
  expectError(ErrorCode::NotFound, {"no field 'class'", "kind", "review"}, [&] { read(with("class", "")); });
  expectError(ErrorCode::InvalidInput, {"maybe", "rejected"}, [&] { read(with("kind", "review")); });
  expectError(ErrorCode::InvalidInput, {"no value", "empty", "--label"}, [&] { read(with("empty", "")); });
  expectError(ErrorCode::InvalidInput, {"--label NAME"}, [&] { read(with("", "")); });
  expectError(ErrorCode::NotFound, {"no layer 'roofs'", "labels"}, [&] {
    read({.path = path + "|layername=roofs", .labelField = "kind", .label = {}, .asClass = {}, .statusField = {}});
  });
}

TEST_F(LayerLabels, PolygonsElsewhereAreRefused) {
  const std::string path = file({square(600000, 3999990, R"("kind":"car")")});
  expectError(ErrorCode::InvalidInput, {"no polygon", "coordinate reference system"},
              [&] { read({.path = path, .labelField = "kind", .label = {}, .asClass = {}, .statusField = {}}); });
}

}  // namespace
}  // namespace orthoscribe::learn
