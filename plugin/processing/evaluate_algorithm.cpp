// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/evaluate_algorithm.h"

#include <qgsexception.h>
#include <qgsprocessingoutputs.h>
#include <qgsprocessingparameters.h>
#include <qgsvariantutils.h>

#include <QIcon>
#include <memory>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/metrics/report/evaluation_page.h"
#include "plugin/fate_layer.h"
#include "plugin/truth_comparison.h"

namespace orthoscribe::plugin {
namespace {

constexpr QLatin1String kDetections("INPUT");
constexpr QLatin1String kTruth("TRUTH");
constexpr QLatin1String kLabel("LABEL");
constexpr QLatin1String kTruthLabel("TRUTH_LABEL");
constexpr QLatin1String kScore("SCORE");
constexpr QLatin1String kExtent("EXTENT");
constexpr QLatin1String kOverlap("OVERLAP");
constexpr QLatin1String kOutput("OUTPUT");
constexpr QLatin1String kReport("REPORT");

// Where a field's value is wanted; -1: nowhere.
struct FieldIndices {
  int label = -1;
  int score = -1;
};

std::vector<ComparedObject> objectsOf(const QgsProcessingFeatureSource& source, const FieldIndices& fields,
                                      const QgsCoordinateReferenceSystem& crs, const QgsRectangle& within,
                                      const QgsProcessingContext& context, QgsProcessingFeedback* feedback) {
  QgsFeatureRequest request;
  request.setDestinationCrs(crs, context.transformContext());
  if (!within.isEmpty()) request.setFilterRect(within);
  std::vector<ComparedObject> objects;
  QgsFeatureIterator features = source.getFeatures(request);
  for (QgsFeature feature; !feedback->isCanceled() && features.nextFeature(feature);) {
    const QString label = fields.label < 0 ? QStringLiteral("object") : feature.attribute(fields.label).toString();
    std::optional<double> score;
    if (fields.score >= 0 && !QgsVariantUtils::isNull(feature.attribute(fields.score)))
      score = feature.attribute(fields.score).toDouble();
    for (ComparedObject& object : comparedObjects(feature.geometry(), label, score)) objects.push_back(std::move(object));
  }
  return objects;
}

}  // namespace

QString EvaluateAlgorithm::displayName() const {
  return tr("Compare detections with the truth");
}

QString EvaluateAlgorithm::shortHelpString() const {
  return tr(
      "Measures a layer of detections against a layer of true objects: precision, recall and F1 by class, average precision "
      "without "
      "scores (mAP_nc) and, where every detection has a score, with scores and over thresholds. Gives a report and a layer that "
      "tells "
      "what is right, wrong and missed. The comparison is made in the coordinates of the truth layer. Within an area, objects "
      "count "
      "whose centre lies in it. Without a label field on either layer, classes are not told apart.");
}

QStringList EvaluateAlgorithm::tags() const {
  return tr("accuracy,precision,recall,truth,validate,errors,boxes").split(QLatin1Char(','));
}

QIcon EvaluateAlgorithm::icon() const {
  return QIcon(QStringLiteral(":/orthoscribe/icons/detect.svg"));
}

void EvaluateAlgorithm::initAlgorithm(const QVariantMap&) {
  const auto polygons = QList<int>{int(Qgis::ProcessingSourceType::VectorPolygon)};
  addParameter(new QgsProcessingParameterFeatureSource(kDetections, tr("Detections"), polygons));
  addParameter(new QgsProcessingParameterFeatureSource(kTruth, tr("True objects"), polygons));
  const auto field = [&](const QString& name, const QString& title, const QString& standard, const QString& layer,
                         Qgis::ProcessingFieldParameterDataType type) {
    addParameter(new QgsProcessingParameterField(name, title, standard, layer, type, false, true));
  };
  field(kLabel, tr("Label of a detection"), QStringLiteral("label"), kDetections, Qgis::ProcessingFieldParameterDataType::Any);
  field(kTruthLabel, tr("Label of a true object"), QStringLiteral("label"), kTruth, Qgis::ProcessingFieldParameterDataType::Any);
  field(kScore, tr("Score of a detection"), QStringLiteral("score"), kDetections,
        Qgis::ProcessingFieldParameterDataType::Numeric);
  addParameter(new QgsProcessingParameterExtent(kExtent, tr("Area"), QVariant(), true));
  addParameter(new QgsProcessingParameterNumber(kOverlap, tr("Overlap that counts as found (intersection over union)"),
                                                Qgis::ProcessingNumberParameterType::Double, 0.5, false, 0.05, 0.95));
  addParameter(
      new QgsProcessingParameterFeatureSink(kOutput, tr("Right, wrong and missed"), Qgis::ProcessingSourceType::VectorPolygon));
  addParameter(new QgsProcessingParameterFileDestination(kReport, tr("Report"), tr("HTML files (*.html)"), QVariant(), true));
  addOutput(new QgsProcessingOutputNumber(QStringLiteral("MAP_NC"), tr("mAP_nc")));
  addOutput(new QgsProcessingOutputNumber(QStringLiteral("PRECISION"), tr("Precision")));
  addOutput(new QgsProcessingOutputNumber(QStringLiteral("RECALL"), tr("Recall")));
  addOutput(new QgsProcessingOutputNumber(QStringLiteral("F1"), tr("F1")));
  addOutput(new QgsProcessingOutputNumber(QStringLiteral("RIGHT"), tr("Number of right detections")));
  addOutput(new QgsProcessingOutputNumber(QStringLiteral("WRONG"), tr("Number of wrong detections")));
  addOutput(new QgsProcessingOutputNumber(QStringLiteral("MISSED"), tr("Number of missed objects")));
}

QVariantMap EvaluateAlgorithm::processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                                QgsProcessingFeedback* feedback) {
  const std::unique_ptr<QgsProcessingFeatureSource> detections(parameterAsSource(parameters, kDetections, context));
  if (!detections) throw QgsProcessingException(invalidSourceError(parameters, kDetections));
  const std::unique_ptr<QgsProcessingFeatureSource> truth(parameterAsSource(parameters, kTruth, context));
  if (!truth) throw QgsProcessingException(invalidSourceError(parameters, kTruth));
  const QgsCoordinateReferenceSystem crs = truth->sourceCrs();
  if (crs.isValid() != detections->sourceCrs().isValid()) {
    throw QgsProcessingException(
        tr("One of the layers has no coordinate reference system, so they cannot be compared. Set it first."));
  }
  const auto index = [&](const QgsProcessingFeatureSource& source, const QString& name) {
    return source.fields().lookupField(parameterAsString(parameters, name, context));
  };
  FieldIndices found{.label = index(*detections, kLabel), .score = index(*detections, kScore)};
  FieldIndices wanted{.label = index(*truth, kTruthLabel), .score = -1};
  if (found.label < 0 || wanted.label < 0) {
    feedback->pushInfo(tr("A layer has no label field: classes are not told apart."));
    found.label = wanted.label = -1;
  }
  QgsGeometry area;
  if (!parameterAsExtent(parameters, kExtent, context).isEmpty())
    area = parameterAsExtentGeometry(parameters, kExtent, context, crs);
  const double overlap = parameterAsDouble(parameters, kOverlap, context);

  TruthComparison comparison;
  try {
    const QgsRectangle within = area.isNull() ? QgsRectangle() : area.boundingBox();
    const std::vector<ComparedObject> trueObjects = objectsOf(*truth, wanted, crs, within, context, feedback);
    const std::vector<ComparedObject> foundObjects = objectsOf(*detections, found, crs, within, context, feedback);
    if (feedback->isCanceled()) return {};
    if (trueObjects.empty()) throw QgsProcessingException(tr("There is no true object to compare with in the area."));
    comparison = compareWithTruth(trueObjects, foundObjects, area, overlap);
  } catch (const QgsCsException& error) {
    throw QgsProcessingException(tr("Objects cannot be brought into the coordinates of the truth layer: %1").arg(error.what()));
  }

  QString destination;
  std::unique_ptr<QgsFeatureSink> sink(
      parameterAsSink(parameters, kOutput, context, destination, fateFields(), Qgis::WkbType::Polygon, crs));
  if (!sink) throw QgsProcessingException(invalidSinkError(parameters, kOutput));
  qlonglong missed = 0;
  for (const FatedObject& object : comparison.objects) {
    missed += object.fate == Fate::Missed ? 1 : 0;
    QgsFeature feature = fateFeature(object);
    if (!sink->addFeature(feature, QgsFeatureSink::FastInsert))
      throw QgsProcessingException(writeFeatureError(sink.get(), parameters, kOutput));
  }
  sink->flushBuffer();
  if (context.willLoadLayerOnCompletion(destination))
    context.layerToLoadOnCompletionDetails(destination).setPostProcessor(new FateStyler);

  const double precision = comparison.precision.share();
  const double recall = comparison.recall.share();
  QVariantMap results = {{kOutput, destination},
                         {QStringLiteral("PRECISION"), precision},
                         {QStringLiteral("RECALL"), recall},
                         {QStringLiteral("F1"), learn::f1Of(precision, recall)},
                         {QStringLiteral("RIGHT"), comparison.precision.right},
                         {QStringLiteral("WRONG"), comparison.precision.asked - comparison.precision.right},
                         {QStringLiteral("MISSED"), missed}};
  if (comparison.findings.flat.meanElevenPoint) results[QStringLiteral("MAP_NC")] = *comparison.findings.flat.meanElevenPoint;
  feedback->pushInfo(
      tr("Precision %1, recall %2, F1 %3")
          .arg(QString::fromStdString(learn::percentText(precision)), QString::fromStdString(learn::percentText(recall)))
          .arg(learn::f1Of(precision, recall), 0, 'f', 3));

  const QString report = parameterAsFileOutput(parameters, kReport, context);
  if (!report.isEmpty()) {
    // In English like the rest of the page.
    learn::EvaluationPage page;
    page.title = "Detections beside the truth";
    page.facts = {{"Detections", detections->sourceName().toStdString()},
                  {"True objects", truth->sourceName().toStdString()},
                  {"Coordinates", crs.userFriendlyIdentifier().toStdString()}};
    if (!area.isNull()) page.facts.emplace_back("Area", area.boundingBox().toString(3).toStdString());
    page.sections = {learn::detectionSection(comparison.findings)};
    try {
      writeThenRename(report.toStdString(),
                      [&](const std::filesystem::path& temporary) { writeTextFile(temporary, learn::evaluationHtml(page)); });
    } catch (const Error& error) {
      throw QgsProcessingException(QString::fromUtf8(error.what()));
    }
    results[kReport] = report;
  }
  return results;
}

}  // namespace orthoscribe::plugin
