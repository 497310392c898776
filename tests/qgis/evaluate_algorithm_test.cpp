// SPDX-License-Identifier: GPL-2.0-or-later
// A layer of detections beside a layer of true objects.
#include <gtest/gtest.h>
#include <qgscoordinatetransform.h>
#include <qgsprocessingcontext.h>
#include <qgsprocessingfeedback.h>
#include <qgsproject.h>
#include <qgsvectordataprovider.h>
#include <qgsvectorlayer.h>

#include <QFile>
#include <QTemporaryDir>
#include <map>

#include "plugin/fate_layer.h"
#include "plugin/processing/evaluate_algorithm.h"

namespace orthoscribe::plugin {
namespace {

// Squares of 20 m, in UTM.
QgsGeometry square(double x, double y) {
  return QgsGeometry::fromRect(QgsRectangle(500'000 + x, 5'200'000 + y, 500'020 + x, 5'200'020 + y));
}

class EvaluateAlgorithmTest : public ::testing::Test {
 protected:
  void SetUp() override {
    mTruth = layer("EPSG:32632", "field=label:string(40)");
    mFound = layer("EPSG:4326", "field=label:string(40)&field=score:double");
    const QgsCoordinateTransform toDegrees(mTruth->crs(), mFound->crs(), mProject.transformContext());
    const auto truth = [&](double x, const char* label) { add(*mTruth, square(x, 0), {QVariant(QLatin1String(label))}); };
    const auto found = [&](double x, const char* label, double score) {
      QgsGeometry geometry = square(x, 0);
      geometry.transform(toDegrees);
      add(*mFound, geometry, {QVariant(QLatin1String(label)), QVariant(score)});
    };
    truth(0, "storage_tank");
    truth(100, "storage_tank");
    truth(200, "storage_tank");
    truth(300, "ship");
    found(1, "Storage tank", 0.9);
    found(103, "storage-tank", 0.8);
    found(500, "storage tank", 0.7);
    found(301, "ship", 0.6);
    found(200, "ship", 0.5);
  }

  std::unique_ptr<QgsVectorLayer> layer(const char* crs, const char* fields) {
    return std::make_unique<QgsVectorLayer>(QStringLiteral("Polygon?crs=%1&%2").arg(QLatin1String(crs), QLatin1String(fields)),
                                            QStringLiteral("layer"), QStringLiteral("memory"));
  }

  static void add(QgsVectorLayer& layer, const QgsGeometry& geometry, const QVariantList& values) {
    QgsFeature feature(layer.fields());
    feature.setGeometry(geometry);
    for (int field = 0; field < values.size(); ++field) feature.setAttribute(field, values[field]);
    ASSERT_TRUE(layer.dataProvider()->addFeature(feature));
  }

  QVariantMap run(QVariantMap parameters) {
    parameters[QStringLiteral("INPUT")] = QVariant::fromValue<QgsMapLayer*>(mFound.get());
    parameters[QStringLiteral("TRUTH")] = QVariant::fromValue<QgsMapLayer*>(mTruth.get());
    if (!parameters.contains(QStringLiteral("OUTPUT"))) parameters[QStringLiteral("OUTPUT")] = QStringLiteral("memory:");
    mContext.setProject(&mProject);
    EvaluateAlgorithm algorithm;
    algorithm.initAlgorithm({});
    bool good = false;
    const QVariantMap results = algorithm.run(parameters, mContext, &mFeedback, &good);
    EXPECT_TRUE(good) << mFeedback.textLog().toStdString();
    return results;
  }

  std::map<std::string, int> fates(const QVariantMap& results) {
    std::map<std::string, int> counts;
    auto* layer = qobject_cast<QgsVectorLayer*>(mContext.getMapLayer(results.value(QStringLiteral("OUTPUT")).toString()));
    if (!layer) return counts;
    EXPECT_EQ(layer->crs(), mTruth->crs());
    QgsFeatureIterator features = layer->getFeatures();
    for (QgsFeature feature; features.nextFeature(feature);)
      ++counts[feature.attribute(QStringLiteral("fate")).toString().toStdString()];
    return counts;
  }

  QgsProject mProject;
  QgsProcessingContext mContext;
  QgsProcessingFeedback mFeedback{false};
  std::unique_ptr<QgsVectorLayer> mTruth;
  std::unique_ptr<QgsVectorLayer> mFound;
};

TEST_F(EvaluateAlgorithmTest, TellsRightWrongAndMissedAcrossCoordinateSystems) {
  const QVariantMap results = run({});
  EXPECT_EQ(results.value(QStringLiteral("RIGHT")).toInt(), 3);
  EXPECT_EQ(results.value(QStringLiteral("WRONG")).toInt(), 2);
  EXPECT_EQ(results.value(QStringLiteral("MISSED")).toInt(), 1);
  EXPECT_NEAR(results.value(QStringLiteral("PRECISION")).toDouble(), 0.6, 1e-9);
  EXPECT_NEAR(results.value(QStringLiteral("RECALL")).toDouble(), 0.75, 1e-9);
  // Tanks: two of three in the first two of three (7 of 11 points); ships: one right, then one wrong.
  EXPECT_NEAR(results.value(QStringLiteral("MAP_NC")).toDouble(), (7.0 / 11 + 1) / 2, 1e-6);
  EXPECT_EQ(fates(results), (std::map<std::string, int>{{"right", 3}, {"wrong", 2}, {"missed", 1}}));
}

TEST_F(EvaluateAlgorithmTest, CountsOnlyWhatLiesInTheArea) {
  const QVariantMap results = run({{QStringLiteral("EXTENT"), QStringLiteral("499990,500115,5199990,5200050 [EPSG:32632]")}});
  EXPECT_EQ(results.value(QStringLiteral("RIGHT")).toInt(), 2);
  EXPECT_EQ(results.value(QStringLiteral("WRONG")).toInt(), 0);
  EXPECT_EQ(results.value(QStringLiteral("MISSED")).toInt(), 0);
  // The second tank's centre at 110 m lies inside; 105 m cuts it: then it is neither found nor missed.
  const QVariantMap narrow = run({{QStringLiteral("EXTENT"), QStringLiteral("499990,500105,5199990,5200050 [EPSG:32632]")}});
  EXPECT_EQ(narrow.value(QStringLiteral("RIGHT")).toInt(), 1);
  EXPECT_EQ(narrow.value(QStringLiteral("MISSED")).toInt(), 0);
}

TEST_F(EvaluateAlgorithmTest, WritesAReportAndAStyledLayer) {
  const QTemporaryDir folder;
  const QString report = folder.filePath(QStringLiteral("report.html"));
  const QVariantMap results = run({{QStringLiteral("REPORT"), report}});
  QFile file(report);
  ASSERT_TRUE(file.open(QIODevice::ReadOnly));
  const QByteArray html = file.readAll();
  EXPECT_TRUE(html.contains("storage tank"));
  EXPECT_TRUE(html.contains("AP (VOC 2012)")) << "every detection has a score";
  EXPECT_TRUE(html.contains("class=\"curves\""));
  const auto styled = layer("EPSG:32632", "field=fate:string(20)");
  styleFates(*styled);
  ASSERT_TRUE(styled->renderer());
  EXPECT_EQ(styled->renderer()->legendSymbolItems().size(), 4);
}

TEST_F(EvaluateAlgorithmTest, WithoutLabelsTellsNoClassesApart) {
  const QVariantMap results = run({{QStringLiteral("TRUTH_LABEL"), QStringLiteral("nothing")}});
  EXPECT_EQ(results.value(QStringLiteral("RIGHT")).toInt(), 4) << "the ship on the third tank is an object in its place";
}

}  // namespace
}  // namespace orthoscribe::plugin
