// SPDX-License-Identifier: GPL-2.0-or-later
// Layers written and read back by OGR.
#include <gtest/gtest.h>
#include <ogrsf_frmts.h>
#include <sys/resource.h>

#include <algorithm>
#include <cmath>
#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/geo/gdal_support.h"
#include "core/geo/layer_writer.h"

namespace orthoscribe::geo {
namespace {

namespace fs = std::filesystem;

std::string wktOf(const std::string& text) {
  const OGRSpatialReference reference = spatialReference(text);
  char* wkt = nullptr;
  const char* const options[] = {"FORMAT=WKT2_2019", nullptr};
  reference.exportToWkt(&wkt, options);
  const std::string result = wkt;
  CPLFree(wkt);
  return result;
}

Detection detectionAt(const std::string& label, int tile, Point centre, double length, double width, double angle,
                      std::optional<double> score) {
  Detection detection;
  detection.label = label;
  detection.score = score;
  detection.tile = tile;
  detection.mapQuad = corners(makeOrientedBox(centre, length, width, angle));
  detection.pixelQuad = detection.mapQuad;
  return detection;
}

std::vector<Detection> metricDetections() {
  return {detectionAt("ship", 0, {621377.123456789, 4853278.987654321}, 120.5, 20.25, 33.3, 0.75),
          detectionAt("große Brücke <&\"'>", 1, {621977.5, 4853000.1}, 310.0, 14.0, -70.0, std::nullopt),
          detectionAt("car", 2, {621500, 4853100}, 4.5, 1.9, 0.0, 0.125)};
}

Provenance provenance() {
  return {.model = "starter",
          .modelHash = "0123abcd",
          .adapter = "harbours",
          .prompt = "Find every ship & \"car\" <here>",
          .parameters = {{"overlap", "0.2"}, {"gsd", "0.5"}},
          .sourceRaster = "/data/harbour's image.tif",
          .programVersion = "0.1.0",
          .time = "2026-01-02T03:04:05Z"};
}

GDALDatasetUniquePtr openLayer(const fs::path& path) {
  return GDALDatasetUniquePtr(GDALDataset::Open(path.c_str(), GDAL_OF_VECTOR | GDAL_OF_READONLY));
}

// Largest distance from a corner of one to the nearest of the other: drivers may turn rings round.
double cornerDistance(const Quad& quad, const OGRGeometry& geometry) {
  const OGRLinearRing* ring = geometry.toPolygon()->getExteriorRing();
  EXPECT_EQ(ring->getNumPoints(), 5);
  double largest = 0;
  for (const Point& corner : quad) {
    double nearest = 1e300;
    for (int i = 0; i < ring->getNumPoints(); ++i) {
      nearest = std::min(nearest, std::hypot(corner.x - ring->getX(i), corner.y - ring->getY(i)));
    }
    largest = std::max(largest, nearest);
  }
  return largest;
}

bool known(const OGRFeature& feature, const char* field) {
  return feature.IsFieldSetAndNotNull(feature.GetFieldIndex(field)) != 0;
}

class EveryFormat : public testing::TestWithParam<const char*> {
 protected:
  fs::path file() const { return folder_.path() / ("found things." + std::string(GetParam())); }
  TemporaryDirectory folder_;
};

TEST_P(EveryFormat, KeepsPlacesAndAttributes) {
  const std::vector<Detection> detections = metricDetections();
  const WrittenLayer written = writeDetections(file(), detections, wktOf("EPSG:32633"), true, provenance());
  EXPECT_FALSE(written.elsewhere) << written.reason;
  EXPECT_EQ(written.path, file());
  EXPECT_TRUE(written.warnings.empty());
  const GDALDatasetUniquePtr dataset = openLayer(written.path);
  ASSERT_TRUE(dataset);
  OGRLayer* layer = dataset->GetLayer(0);
  ASSERT_EQ(layer->GetFeatureCount(), 3);
  const OGRSpatialReference utm = spatialReference("EPSG:32633");
  ASSERT_TRUE(layer->GetSpatialRef());
  const char* const ignoreAxes[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", nullptr};
  EXPECT_TRUE(layer->GetSpatialRef()->IsSame(&utm, ignoreAxes));
  const Measurer measurer(wktOf("EPSG:32633"));
  int seen = 0;
  for (const auto& feature : layer) {
    const int tile = feature->GetFieldAsInteger("tile");
    ASSERT_LT(static_cast<std::size_t>(tile), detections.size());
    const Detection& detection = detections[static_cast<std::size_t>(tile)];
    EXPECT_EQ(feature->GetFieldAsString("label"), detection.label);
    EXPECT_EQ(known(*feature, "score"), detection.score.has_value());
    if (detection.score) {
      EXPECT_NEAR(feature->GetFieldAsDouble("score"), *detection.score, 1e-12);
    }
    const GroundMeasures measures = measurer.measure(detection.mapQuad);
    EXPECT_NEAR(feature->GetFieldAsDouble("azimuth"), measures.azimuthDeg, 1e-9);
    EXPECT_NEAR(feature->GetFieldAsDouble("length_m"), *measures.lengthM, 1e-6);
    EXPECT_NEAR(feature->GetFieldAsDouble("width_m"), *measures.widthM, 1e-6);
    EXPECT_NEAR(feature->GetFieldAsDouble("area_m2"), *measures.areaM2, 1e-5);
    EXPECT_LT(cornerDistance(detection.mapQuad, *feature->GetGeometryRef()), 1e-9 * 4853278);
    ++seen;
  }
  EXPECT_EQ(seen, 3);
}

TEST_P(EveryFormat, HasTheFrozenFields) {
  const WrittenLayer written = writeDetections(file(), metricDetections(), wktOf("EPSG:32633"), true, provenance());
  const GDALDatasetUniquePtr dataset = openLayer(written.path);
  ASSERT_TRUE(dataset);
  const OGRFeatureDefn* fields = dataset->GetLayer(0)->GetLayerDefn();
  const std::vector<std::pair<std::string, OGRFieldType>> frozen = {{"label", OFTString}, {"score", OFTReal},
                                                                    {"azimuth", OFTReal}, {"length_m", OFTReal},
                                                                    {"width_m", OFTReal}, {"area_m2", OFTReal}};
  ASSERT_EQ(fields->GetFieldCount(), 7);
  for (int i = 0; i < 6; ++i) {
    EXPECT_EQ(fields->GetFieldDefn(i)->GetNameRef(), frozen[static_cast<std::size_t>(i)].first);
    EXPECT_EQ(fields->GetFieldDefn(i)->GetType(), frozen[static_cast<std::size_t>(i)].second)
        << frozen[static_cast<std::size_t>(i)].first;
  }
  EXPECT_STREQ(fields->GetFieldDefn(6)->GetNameRef(), "tile");
  EXPECT_TRUE(fields->GetFieldDefn(6)->GetType() == OFTInteger || fields->GetFieldDefn(6)->GetType() == OFTInteger64);
  EXPECT_EQ(wkbFlatten(fields->GetGeomType()), wkbPolygon);
}

TEST_P(EveryFormat, TakesAnEmptyList) {
  const WrittenLayer written = writeDetections(file(), {}, wktOf("EPSG:4326"), true, provenance());
  EXPECT_FALSE(written.elsewhere) << written.reason;
  const GDALDatasetUniquePtr dataset = openLayer(written.path);
  ASSERT_TRUE(dataset);
  ASSERT_TRUE(dataset->GetLayer(0));
  EXPECT_EQ(dataset->GetLayer(0)->GetFeatureCount(), 0);
}

TEST_P(EveryFormat, KeepsDegrees) {
  Detection detection = detectionAt("ship", 0, {13.400123456789, 52.500987654321}, 1e-3, 2e-4, 20, 0.5);
  writeDetections(file(), {detection}, wktOf("EPSG:4326"), true, provenance());
  const GDALDatasetUniquePtr dataset = openLayer(file());
  ASSERT_TRUE(dataset);
  const OGRFeatureUniquePtr feature(dataset->GetLayer(0)->GetNextFeature());
  ASSERT_TRUE(feature);
  EXPECT_LT(cornerDistance(detection.mapQuad, *feature->GetGeometryRef()), 1e-9 * 52);
}

TEST_P(EveryFormat, StandsWithoutCrsAndWithoutGeoreference) {
  Detection detection = detectionAt("ship", 4, {100, 200}, 30, 10, 20, 0.5);
  writeDetections(file(), {detection}, "", true, provenance());
  {
    const GDALDatasetUniquePtr dataset = openLayer(file());
    ASSERT_TRUE(dataset);
    const OGRFeatureUniquePtr feature(dataset->GetLayer(0)->GetNextFeature());
    ASSERT_TRUE(feature);
    EXPECT_NEAR(feature->GetFieldAsDouble("azimuth"), 70, 1e-9);
    EXPECT_FALSE(known(*feature, "length_m"));
    EXPECT_FALSE(known(*feature, "area_m2"));
  }
  writeDetections(file(), {detection}, wktOf("EPSG:32633"), false, provenance());
  const GDALDatasetUniquePtr dataset = openLayer(file());
  ASSERT_TRUE(dataset);
  const OGRFeatureUniquePtr feature(dataset->GetLayer(0)->GetNextFeature());
  ASSERT_TRUE(feature);
  EXPECT_FALSE(known(*feature, "azimuth"));
  EXPECT_FALSE(known(*feature, "length_m"));
  EXPECT_LT(cornerDistance(detection.mapQuad, *feature->GetGeometryRef()), 1e-9);
}

TEST_P(EveryFormat, HasStyleAndOriginAndNothingElseBeside) {
  writeDetections(file(), metricDetections(), wktOf("EPSG:32633"), true, provenance());
  std::vector<std::string> extensions;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.path().stem(), "found things");
    extensions.push_back(entry.path().extension().string());
  }
  std::sort(extensions.begin(), extensions.end());
  const std::string format = GetParam();
  if (format == "gpkg") {
    EXPECT_EQ(extensions, (std::vector<std::string>{".gpkg", ".qml"}));
  } else if (format == "shp") {
    EXPECT_EQ(extensions, (std::vector<std::string>{".cpg", ".dbf", ".prj", ".qmd", ".qml", ".shp", ".shx"}));
    EXPECT_EQ(readTextFile(folder_.path() / "found things.cpg").substr(0, 5), "UTF-8");
  } else {
    EXPECT_EQ(extensions, (std::vector<std::string>{"." + format, ".qmd", ".qml"}));
  }
  const std::string style = readTextFile(folder_.path() / "found things.qml");
  EXPECT_NE(style.find("<renderer-v2 type=\"categorizedSymbol\" attr=\"label\""), std::string::npos);
  for (const char* label : {"value=\"ship\"", "value=\"car\"", "value=\"\"", "große Brücke &lt;&amp;&quot;"}) {
    EXPECT_NE(style.find(label), std::string::npos) << label;
  }
  if (format != "gpkg") {
    const std::string origin = readTextFile(folder_.path() / "found things.qmd");
    for (const char* text : {"<history>model: starter</history>", "<history>model_hash: 0123abcd</history>", "harbours",
                             "Find every ship &amp;", "overlap", "2026-01-02T03:04:05Z", "harbour's image.tif"}) {
      EXPECT_NE(origin.find(text), std::string::npos) << text;
    }
  }
}

TEST_P(EveryFormat, ReplacesWhatWasThere) {
  writeDetections(file(), metricDetections(), wktOf("EPSG:32633"), true, provenance());
  writeDetections(file(), {metricDetections()[2]}, wktOf("EPSG:32633"), true, provenance());
  const GDALDatasetUniquePtr dataset = openLayer(file());
  ASSERT_TRUE(dataset);
  EXPECT_EQ(dataset->GetLayer(0)->GetFeatureCount(), 1);
}

TEST_P(EveryFormat, IsKeptElsewhereWhenThePlaceCannotBeWritten) {
  writeTextFile(folder_.path() / "file", "not a folder");
  fs::create_directories(file() / "occupied");
  for (const fs::path& place : {folder_.path() / "missing" / file().filename(), folder_.path() / "file" / file().filename(),
                                fs::path("/proc") / file().filename(), file()}) {
    SCOPED_TRACE(place);
    testing::internal::CaptureStderr();
    const WrittenLayer written = writeDetections(place, metricDetections(), wktOf("EPSG:32633"), true, provenance());
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "");
    EXPECT_TRUE(written.elsewhere);
    EXPECT_FALSE(written.reason.empty());
    EXPECT_NE(written.path, place);
    const GDALDatasetUniquePtr dataset = openLayer(written.path);
    ASSERT_TRUE(dataset) << written.path;
    EXPECT_EQ(dataset->GetLayer(0)->GetFeatureCount(), 3);
    fs::remove_all(written.path.parent_path());
  }
  EXPECT_TRUE(fs::is_directory(file() / "occupied"));
}

// Files may not grow beyond a limit while it lives, as on a full disk.
class FullDisk {
 public:
  explicit FullDisk(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
    getrlimit(RLIMIT_FSIZE, &before_);
    const rlimit limited{bytes, before_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &limited);
  }
  ~FullDisk() {
    setrlimit(RLIMIT_FSIZE, &before_);
    std::signal(SIGXFSZ, handler_);
  }
  FullDisk(const FullDisk&) = delete;
  FullDisk& operator=(const FullDisk&) = delete;

 private:
  void (*handler_)(int);
  rlimit before_{};
};

TEST_P(EveryFormat, LeavesTheOldOneWholeWhenNothingCanBeWritten) {
  writeDetections(file(), {metricDetections()[2]}, wktOf("EPSG:32633"), true, provenance());
  const std::string before = readTextFile(file());
  std::vector<Detection> many;
  for (int i = 0; i < 2000; ++i) many.push_back(metricDetections()[0]);
  std::string message;
  {
    const FullDisk full(50000);
    try {
      writeDetections(file(), many, wktOf("EPSG:32633"), true, provenance());
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Io);
      message = error.message();
    }
  }
  EXPECT_NE(message, "") << "writing beyond the limit went unnoticed";
  EXPECT_EQ(readTextFile(file()), before);
  for (const fs::directory_entry& entry : fs::directory_iterator(folder_.path())) {
    EXPECT_EQ(entry.path().stem(), "found things") << "a partial file was left";
  }
}

INSTANTIATE_TEST_SUITE_P(Written, EveryFormat, testing::Values("gpkg", "shp", "geojson", "fgb"),
                         [](const auto& parameter) { return std::string(parameter.param); });

TEST(GeoPackage, HoldsStyleAndOriginInside) {
  const TemporaryDirectory folder;
  const fs::path file = folder.path() / "it's.gpkg";
  writeDetections(file, metricDetections(), wktOf("EPSG:32633"), true, provenance());
  const GDALDatasetUniquePtr dataset = openLayer(file);
  ASSERT_TRUE(dataset);
  OGRLayer* layer = dataset->GetLayerByName("it's");
  ASSERT_TRUE(layer);
  EXPECT_STREQ(layer->GetMetadataItem("model"), "starter");
  EXPECT_STREQ(layer->GetMetadataItem("prompt"), provenance().prompt.c_str());
  EXPECT_STREQ(layer->GetMetadataItem("parameters"), R"({"gsd":"0.5","overlap":"0.2"})");
  EXPECT_NE(std::string(layer->GetMetadataItem("DESCRIPTION")).find("3 objects detected"), std::string::npos);

  OGRLayer* styles = dataset->GetLayerByName("layer_styles");
  ASSERT_TRUE(styles);
  const OGRFeatureUniquePtr style(styles->GetNextFeature());
  ASSERT_TRUE(style);
  EXPECT_STREQ(style->GetFieldAsString("f_table_name"), "it's");
  EXPECT_STREQ(style->GetFieldAsString("f_geometry_column"), "geom");
  EXPECT_EQ(style->GetFieldAsInteger("useAsDefault"), 1);
  EXPECT_NE(std::string(style->GetFieldAsString("styleQML")).find("value=\"ship\""), std::string::npos);

  OGRLayer* rows = dataset->ExecuteSQL(
      "SELECT m.metadata FROM gpkg_metadata m JOIN gpkg_metadata_reference r ON r.md_file_id = m.id "
      "WHERE m.md_standard_uri = 'http://mrcc.com/qgis.dtd' AND r.reference_scope = 'table' AND r.table_name = 'it''s'",
      nullptr, nullptr);
  ASSERT_TRUE(rows);
  ASSERT_EQ(rows->GetFeatureCount(), 1);
  const OGRFeatureUniquePtr row(rows->GetNextFeature());
  EXPECT_NE(std::string(row->GetFieldAsString(0)).find("<abstract>3 objects detected"), std::string::npos);
  dataset->ReleaseResultSet(rows);
}

TEST(Shapefile, CutsLongLabelsBetweenLetters) {
  const TemporaryDirectory folder;
  std::string label = "x";
  for (int i = 0; i < 200; ++i) label += "ü";
  writeDetections(folder.path() / "a.shp", {detectionAt(label, 0, {0, 0}, 2, 1, 0, 1.0)}, "", true, provenance());
  const GDALDatasetUniquePtr dataset = openLayer(folder.path() / "a.shp");
  ASSERT_TRUE(dataset);
  const OGRFeatureUniquePtr feature(dataset->GetLayer(0)->GetNextFeature());
  EXPECT_EQ(feature->GetFieldAsString("label"), label.substr(0, 253));
}

TEST(Shapefile, TakesAnyCaseOfItsExtensionAndDropsStaleIndexes) {
  const TemporaryDirectory folder;
  writeTextFile(folder.path() / "a.qix", "an index of other shapes");
  const WrittenLayer written =
      writeDetections(folder.path() / "a.SHP", metricDetections(), wktOf("EPSG:32633"), true, provenance());
  EXPECT_FALSE(written.elsewhere);
  EXPECT_EQ(written.path.filename(), "a.shp");
  EXPECT_TRUE(fs::exists(written.path));
  EXPECT_FALSE(fs::exists(folder.path() / "a.qix"));
}

TEST(GeoJson, NamesTheCrsUnlessItIsWgs84) {
  const TemporaryDirectory folder;
  writeDetections(folder.path() / "a.geojson", metricDetections(), wktOf("EPSG:32633"), true, provenance());
  EXPECT_NE(readTextFile(folder.path() / "a.geojson").find("urn:ogc:def:crs:EPSG::32633"), std::string::npos);
  const Detection degrees = detectionAt("ship", 0, {13.4, 52.5}, 1e-3, 2e-4, 20, 0.5);
  writeDetections(folder.path() / "b.json", {degrees}, wktOf("EPSG:4326"), true, provenance());
  const std::string text = readTextFile(folder.path() / "b.json");
  EXPECT_EQ(text.find("\"crs\""), std::string::npos);
  EXPECT_NE(text.find("[ 13.4"), std::string::npos) << "longitude comes first";
  const WrittenLayer nameless = writeDetections(folder.path() / "c.geojson", metricDetections(),
                                                wktOf("+proj=sinu +R=3396190 +units=m +no_defs +type=crs"), true, provenance());
  ASSERT_EQ(nameless.warnings.size(), 1U);
  EXPECT_NE(nameless.warnings[0].find("GeoPackage"), std::string::npos);
}

TEST(LayerWriter, RefusesWhatIsNoFormatOrNoCrs) {
  EXPECT_EQ(vectorFormatOf("a/b.GPKG"), VectorFormat::GeoPackage);
  EXPECT_EQ(vectorFormatOf("b.json"), VectorFormat::GeoJson);
  EXPECT_THROW(vectorFormatOf("b.kml"), Error);
  EXPECT_THROW(vectorFormatOf("b"), Error);
  const TemporaryDirectory folder;
  EXPECT_THROW(writeDetections(folder.path() / "a.gpkg", {}, "no crs at all", true, provenance()), Error);
  EXPECT_TRUE(fs::is_empty(folder.path()));
}

TEST(LayerWriter, LeavesOutWhatHasNoPlace) {
  const TemporaryDirectory folder;
  std::vector<Detection> detections = metricDetections();
  detections[1].mapQuad[2].x = std::nan("");
  const WrittenLayer written = writeDetections(folder.path() / "a.gpkg", detections, wktOf("EPSG:32633"), true, provenance());
  EXPECT_EQ(written.warnings.size(), 1U);
  EXPECT_EQ(openLayer(written.path)->GetLayer(0)->GetFeatureCount(), 2);
}

}  // namespace
}  // namespace orthoscribe::geo
