// SPDX-License-Identifier: GPL-2.0-or-later
// Rasters drawn by QGIS, areas on rasters, and detections as features.
#include <gmock/gmock.h>
#include <qgsfillsymbol.h>
#include <qgslayernotesutils.h>
#include <qgslayertree.h>
#include <qgsmapsettings.h>
#include <qgsproject.h>
#include <qgsrasterlayer.h>
#include <qgssinglesymbolrenderer.h>
#include <qgsvectordataprovider.h>
#include <qgsvectorlayer.h>

#include <QImage>
#include <QTemporaryDir>
#include <cmath>

#include "core/base/error.h"
#include "plugin/detection_layer.h"
#include "plugin/layer_description.h"
#include "plugin/raster_request.h"
#include "plugin/rendered_raster.h"

namespace orthoscribe::plugin {
namespace {

QgsCoordinateReferenceSystem utm() {
  return QgsCoordinateReferenceSystem(QStringLiteral("EPSG:32632"));
}

// A red square of 40 m around a point, on nothing.
std::unique_ptr<QgsVectorLayer> squareAt(double x, double y) {
  auto layer = std::make_unique<QgsVectorLayer>(QStringLiteral("Polygon?crs=EPSG:32632"), QStringLiteral("square"),
                                                QStringLiteral("memory"));
  QgsFeature feature;
  feature.setGeometry(QgsGeometry::fromRect(QgsRectangle(x - 20, y - 20, x + 20, y + 20)));
  layer->dataProvider()->addFeature(feature);
  const QVariantMap look = {{QStringLiteral("color"), QStringLiteral("255,0,0,255")},
                            {QStringLiteral("outline_style"), QStringLiteral("no")}};
  layer->setRenderer(new QgsSingleSymbolRenderer(std::unique_ptr<QgsFillSymbol>(QgsFillSymbol::createSimple(look)).release()));
  return layer;
}

RenderPlan planAround(double x, double y, double rotationDeg) {
  RenderPlan plan;
  plan.settings.setDestinationCrs(utm());
  plan.settings.setRotation(rotationDeg);
  plan.settings.setFlag(Qgis::MapSettingsFlag::Antialiasing, false);
  plan.name = QStringLiteral("drawn");
  plan.extent = QgsRectangle(x - 200, y - 100, x + 200, y + 100);
  plan.background = Qt::GlobalColor::black;
  return plan;
}

// Mean place of the red pixels, on the map.
geo::Point redCentre(const geo::RasterWindow& window) {
  double column = 0;
  double row = 0;
  int count = 0;
  for (int y = 0; y < window.image.height; ++y) {
    for (int x = 0; x < window.image.width; ++x) {
      if (window.image.at(x, y)[0] < 128) continue;
      column += x + 0.5;
      row += y + 0.5;
      ++count;
    }
  }
  EXPECT_GT(count, 0);
  return window.toMap.toMap({column / count, row / count});
}

class Rotations : public ::testing::TestWithParam<double> {};

TEST_P(Rotations, DrawnRastersKnowWhereTheirPixelsAre) {
  const double x = 500'070;
  const double y = 5'200'030;
  RenderPlan plan = planAround(500'000, 5'200'000, GetParam());
  plan.layers.push_back(squareAt(x, y));
  RenderedRaster raster(std::move(plan), 0.5);
  EXPECT_EQ(raster.width(), 800);
  EXPECT_EQ(raster.height(), 400);
  EXPECT_NEAR(raster.groundResolutionM().value_or(0), 0.5, 0.001);

  // The square in pixels of the raster, then a window around it in another resolution.
  const geo::Point pixel = raster.geotransform().inverse().toMap({x, y});
  const geo::PixelRect area{std::llround(pixel.x) - 100, std::llround(pixel.y) - 100, 200, 200};
  const geo::RasterWindow window = raster.read(area, 160, 160, {});
  const geo::Point centre = redCentre(window);
  EXPECT_NEAR(centre.x, x, 0.3);
  EXPECT_NEAR(centre.y, y, 0.3);
  EXPECT_GT(window.validShare, 0.05);
  EXPECT_LT(window.validShare, 0.25) << "what nothing is drawn on holds no data";
  // Window and raster agree on the map.
  const geo::Point corner = raster.geotransform().toMap({double(area.column), double(area.row)});
  const geo::Point windowCorner = window.toMap.toMap({0, 0});
  EXPECT_NEAR(corner.x, windowCorner.x, 1e-3);
  EXPECT_NEAR(corner.y, windowCorner.y, 1e-3);
}

INSTANTIATE_TEST_SUITE_P(Canvas, Rotations, ::testing::Values(0.0, 30.0, -75.0, 180.0));

TEST(RenderedRaster, StopsWhenCancelled) {
  RenderPlan plan = planAround(0, 0, 0);
  RenderedRaster raster(std::move(plan), 1.0);
  CancelSource cancel;
  cancel.cancel();
  EXPECT_THROW(raster.read({0, 0, 10, 10}, 10, 10, cancel.token()), Error);
}

// A picture without any georeference, which QGIS shows with its rows going down from zero.
class PlainPicture : public ::testing::Test {
 protected:
  void SetUp() override {
    const QString path = mFolder.filePath(QStringLiteral("plain.png"));
    QImage image(100, 60, QImage::Format::Format_RGB32);
    image.fill(Qt::GlobalColor::darkGreen);
    ASSERT_TRUE(image.save(path));
    mLayer = std::make_unique<QgsRasterLayer>(path, QStringLiteral("plain"));
    ASSERT_TRUE(mLayer->isValid());
    mSettings.setOutputSize(QSize(100, 60));
  }
  QTemporaryDir mFolder;
  std::unique_ptr<QgsRasterLayer> mLayer;
  QgsMapSettings mSettings;
};

TEST_F(PlainPicture, AreasAreTurnedOver) {
  RasterRequest request = RasterRequest::ofLayer(*mLayer, mSettings);
  request.setRectangle(QgsRectangle(10, -40, 30, -20), QgsCoordinateReferenceSystem());
  const auto raster = request.open(0.0);
  ASSERT_FALSE(raster->hasGeotransform());
  const auto area = request.pixelArea(*raster);
  ASSERT_TRUE(area.has_value());
  EXPECT_EQ(*area, (geo::PixelRect{10, 20, 20, 20}));
}

TEST_F(PlainPicture, RefusesAnAreaBesideTheLayer) {
  RasterRequest request = RasterRequest::ofLayer(*mLayer, mSettings);
  EXPECT_THROW(request.setRectangle(QgsRectangle(500, 500, 600, 600), QgsCoordinateReferenceSystem()), Error);
}

TEST_F(PlainPicture, BoxesAreShownWhereTheyAreSeen) {
  geo::Detection detection;
  detection.label = "ship";
  detection.mapQuad = {{{10, 20}, {30, 20}, {30, 40}, {10, 40}}};
  const QgsFeature feature = detectionFeature(detection, nullptr);
  EXPECT_TRUE(mLayer->extent().contains(feature.geometry().boundingBox()));
  EXPECT_TRUE(feature.attribute(QStringLiteral("score")).isNull());
  EXPECT_EQ(detectionOf(feature, false).mapQuad, detection.mapQuad);
}

TEST(DetectionLayer, FiltersByScoreButKeepsWhatHasNone) {
  const geo::Measurer measurer(utm().toWkt(Qgis::CrsWktVariant::Preferred).toStdString());
  auto layer = makeDetectionLayer(QStringLiteral("found"), utm(), {QStringLiteral("ship")});
  QgsFeatureList features;
  for (const std::optional<double> score : {std::optional(0.9), std::optional(0.3), std::optional<double>()}) {
    geo::Detection detection;
    detection.label = "ship";
    detection.score = score;
    detection.mapQuad = {{{500'000, 5'200'000}, {500'040, 5'200'000}, {500'040, 5'199'990}, {500'000, 5'199'990}}};
    features.append(detectionFeature(detection, &measurer));
  }
  EXPECT_NEAR(features.first().attribute(QStringLiteral("azimuth")).toDouble(), 90.0, 0.01);
  EXPECT_NEAR(features.first().attribute(QStringLiteral("length_m")).toDouble(), 40.0, 0.1);
  ASSERT_TRUE(layer->dataProvider()->addFeatures(features));
  setLowestScore(*layer, 0.5);
  EXPECT_EQ(layer->featureCount(), 2);
  setLowestScore(*layer, 0.0);
  EXPECT_EQ(layer->featureCount(), 3);
}

TEST(DetectionLayer, LiesDirectlyAboveItsRaster) {
  QgsProject* project = QgsProject::instance();
  project->clear();
  auto* below = squareAt(0, 0).release();
  auto* above = squareAt(0, 0).release();
  project->addMapLayer(below);
  project->addMapLayer(above);
  auto boxes = makeDetectionLayer(QStringLiteral("boxes"), utm(), {});
  const QString id = boxes->id();
  addAbove(std::move(boxes), below->id());
  QStringList order;
  const auto nodes = project->layerTreeRoot()->findLayers();
  for (const QgsLayerTreeLayer* node : nodes) order << node->layerId();
  EXPECT_EQ(order, QStringList({above->id(), id, below->id()}));
  project->clear();
}

TEST(LayerDescription, IsReplacedButNeverTakesAwayWhatPeopleWrote) {
  const auto layer = squareAt(0, 0);
  QgsLayerNotesUtils::setLayerNotes(layer.get(), QStringLiteral("<p>by hand</p>"));
  putDescription(*layer, QStringLiteral("first <text>"), QStringLiteral("starter"));
  putDescription(*layer, QStringLiteral("second"), QStringLiteral("starter"));
  const QString notes = QgsLayerNotesUtils::layerNotes(layer.get());
  EXPECT_TRUE(notes.contains(QStringLiteral("by hand")));
  EXPECT_TRUE(notes.contains(QStringLiteral("second")));
  EXPECT_FALSE(notes.contains(QStringLiteral("first")));

  // Changed by hand since: what stands there is the user's.
  QgsLayerNotesUtils::setLayerNotes(layer.get(),
                                    QString(notes).replace(QStringLiteral("second"), QStringLiteral("second, corrected")));
  putDescription(*layer, QStringLiteral("third"), QStringLiteral("starter"));
  EXPECT_TRUE(QgsLayerNotesUtils::layerNotes(layer.get()).contains(QStringLiteral("corrected")));
  EXPECT_TRUE(QgsLayerNotesUtils::layerNotes(layer.get()).contains(QStringLiteral("third")));
}

}  // namespace
}  // namespace orthoscribe::plugin
