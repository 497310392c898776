// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/ground_algorithm.h"

#include <qgsprocessingoutputs.h>
#include <qgsprocessingparameters.h>

#include <QIcon>

#include "plugin/processing/detection_styler.h"

namespace orthoscribe::plugin {

QString GroundAlgorithm::displayName() const {
  return tr("Find by description");
}

QString GroundAlgorithm::shortHelpString() const {
  return tr(
      "Finds what a phrase describes, for example \"the ship at the pier\", on a raster layer or an area of it, in one look at "
      "the "
      "whole of it, and gives it as boxes. Not every model was trained to do this. The engine is started when it is not "
      "running.");
}

QStringList GroundAlgorithm::tags() const {
  return tr("find,refer,phrase,boxes,image,model,vision,language").split(QLatin1Char(','));
}

QIcon GroundAlgorithm::icon() const {
  return QIcon(QStringLiteral(":/orthoscribe/icons/detect.svg"));
}

void GroundAlgorithm::initAlgorithm(const QVariantMap&) {
  addRasterParameters();
  addParameter(new QgsProcessingParameterString(QStringLiteral("PHRASE"), tr("What to find")));
  addParameter(new QgsProcessingParameterEnum(QStringLiteral("BOXES"), tr("Boxes"),
                                              {tr("As the model usually draws"), tr("Upright in the picture"), tr("Turned")},
                                              false, 0));
  addParameter(
      new QgsProcessingParameterFeatureSink(QStringLiteral("OUTPUT"), tr("Found"), Qgis::ProcessingSourceType::VectorPolygon));
  addOutput(new QgsProcessingOutputNumber(QStringLiteral("COUNT"), tr("Number of boxes")));
}

bool GroundAlgorithm::prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                       QgsProcessingFeedback* feedback) {
  mPhrase = parameterAsString(parameters, QStringLiteral("PHRASE"), context).simplified();
  if (mPhrase.isEmpty()) throw QgsProcessingException(tr("There is nothing to find. Describe it in a few words."));
  const int boxes = parameterAsEnum(parameters, QStringLiteral("BOXES"), context);
  if (boxes > 0) mOptions.shape = boxes == 1 ? tasks::BoxShape::Upright : tasks::BoxShape::Turned;
  return RasterAlgorithm::prepareAlgorithm(parameters, context, feedback);
}

QVariantMap GroundAlgorithm::processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                              QgsProcessingFeedback* feedback) {
  QString destination;
  std::unique_ptr<QgsFeatureSink> sink(parameterAsSink(parameters, QStringLiteral("OUTPUT"), context, destination,
                                                       detectionFields(), Qgis::WkbType::Polygon, request().crs()));
  if (!sink) throw QgsProcessingException(invalidSinkError(parameters, QStringLiteral("OUTPUT")));
  qlonglong count = 0;
  QgsLayerMetadata metadata;
  withModel(std::nullopt, feedback,
            [&](geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info, const CancelToken& cancel) {
              mOptions.look.area = request().pixelArea(raster);
              std::unique_ptr<geo::Measurer> measurer;
              if (raster.hasGeotransform()) measurer = std::make_unique<geo::Measurer>(raster.crsWkt());
              const std::string phrase = mPhrase.toStdString();
              const tasks::GroundReport report = tasks::ground(raster, model, phrase, mOptions, cancel);
              for (const std::string& warning : report.look.warnings) feedback->pushWarning(QString::fromStdString(warning));
              for (const geo::Detection& detection : report.detections) {
                QgsFeature feature = detectionFeature(detection, measurer.get());
                if (!sink->addFeature(feature, QgsFeatureSink::FastInsert)) {
                  throw QgsProcessingException(writeFeatureError(sink.get(), parameters, QStringLiteral("OUTPUT")));
                }
                ++count;
              }
              metadata = detectionMetadata(tasks::provenanceOf(report, phrase, info, raster.name()));
              feedback->pushInfo(tr("%Ln box(es) found", nullptr, int(count)));
            });
  sink->flushBuffer();
  if (context.willLoadLayerOnCompletion(destination)) {
    context.layerToLoadOnCompletionDetails(destination).setPostProcessor(new DetectionStyler({mPhrase}, metadata));
  }
  return {{QStringLiteral("OUTPUT"), destination}, {QStringLiteral("COUNT"), count}};
}

}  // namespace orthoscribe::plugin
