// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/detect_algorithm.h"

#include <qgsprocessingparameters.h>

#include <QRegularExpression>

namespace orthoscribe::plugin {

QString DetectAlgorithm::displayName() const {
  return tr("Detect objects");
}

QString DetectAlgorithm::shortHelpString() const {
  return tr(
      "Finds objects on a raster layer with a vision-language model and gives them as rotated boxes with label, confidence, "
      "direction and size. "
      "Classes are names of objects separated by commas. The ground resolution is that of the pixels which the model gets; empty "
      "for "
      "what suits the model, 0 for the layer's own. The engine is started when it is not running.");
}

QStringList DetectAlgorithm::tags() const {
  return tr("find,objects,boxes,image,model,vision,language").split(QLatin1Char(','));
}

void DetectAlgorithm::initAlgorithm(const QVariantMap&) {
  addRasterParameters();
  addParameter(new QgsProcessingParameterString(QStringLiteral("CLASSES"), tr("Objects to find")));
  addParameter(new QgsProcessingParameterNumber(QStringLiteral("GSD"), tr("Ground resolution in metres a pixel"),
                                                Qgis::ProcessingNumberParameterType::Double, QVariant(), true, 0.0, 1000.0));
  addParameter(new QgsProcessingParameterNumber(QStringLiteral("THRESHOLD"), tr("Lowest confidence"),
                                                Qgis::ProcessingNumberParameterType::Double, 0.0, false, 0.0, 1.0));
  auto overlap =
      std::make_unique<QgsProcessingParameterNumber>(QStringLiteral("OVERLAP"), tr("Overlap of tiles, as a share of their side"),
                                                     Qgis::ProcessingNumberParameterType::Double, 0.2, false, 0.0, 0.8);
  overlap->setFlags(overlap->flags() | Qgis::ProcessingParameterFlag::Advanced);
  addParameter(overlap.release());
  addBoxOutputs(tr("Detections"));
}

bool DetectAlgorithm::prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                       QgsProcessingFeedback* feedback) {
  static const QRegularExpression separators(QStringLiteral("[,;\\n]"));
  const QStringList parts = parameterAsString(parameters, QStringLiteral("CLASSES"), context).split(separators);
  for (const QString& part : parts) {
    if (!part.trimmed().isEmpty()) mClasses.append(part.simplified());
  }
  if (mClasses.isEmpty()) throw QgsProcessingException(tr("There is nothing to find. Name objects, separated by commas."));
  for (const QString& name : std::as_const(mClasses)) mOptions.classes.push_back(name.toStdString());
  if (parameters.value(QStringLiteral("GSD")).isValid())
    mOptions.gsdM = parameterAsDouble(parameters, QStringLiteral("GSD"), context);
  mOptions.minScore = parameterAsDouble(parameters, QStringLiteral("THRESHOLD"), context);
  mOptions.overlap = parameterAsDouble(parameters, QStringLiteral("OVERLAP"), context);
  return RasterAlgorithm::prepareAlgorithm(parameters, context, feedback);
}

BoxAlgorithm::Found DetectAlgorithm::find(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info,
                                          QgsProcessingFeedback* feedback, const CancelToken& cancel) {
  mOptions.area = request().pixelArea(raster);
  tasks::DetectSink progress;
  progress.onTile = [](const auto&, const auto&) {};
  progress.onProgress = [feedback](const Progress& state) {
    if (state.total > 0) feedback->setProgress(100.0 * double(state.done) / double(state.total));
  };
  const tasks::DetectReport report = tasks::detect(raster, model, mOptions, progress, cancel);
  return {report.detections, report.warnings, tasks::provenanceOf(report, mOptions, info, raster.name())};
}

}  // namespace orthoscribe::plugin
