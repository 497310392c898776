// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/box_algorithm.h"

#include <qgsprocessingoutputs.h>
#include <qgsprocessingparameters.h>

#include <QIcon>

#include "plugin/detection_layer.h"
#include "plugin/processing/detection_styler.h"

namespace orthoscribe::plugin {
namespace {

struct BoxAlgorithmTexts {
  Q_DECLARE_TR_FUNCTIONS(BoxAlgorithmTexts)
};

}  // namespace

QIcon BoxAlgorithm::icon() const {
  return QIcon(QStringLiteral(":/orthoscribe/icons/detect.svg"));
}

void BoxAlgorithm::addBoxOutputs(const QString& layerTitle) {
  addParameter(
      new QgsProcessingParameterFeatureSink(QStringLiteral("OUTPUT"), layerTitle, Qgis::ProcessingSourceType::VectorPolygon));
  addOutput(new QgsProcessingOutputNumber(QStringLiteral("COUNT"), BoxAlgorithmTexts::tr("Number of boxes")));
}

QVariantMap BoxAlgorithm::processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                           QgsProcessingFeedback* feedback) {
  QString destination;
  std::unique_ptr<QgsFeatureSink> sink(parameterAsSink(parameters, QStringLiteral("OUTPUT"), context, destination,
                                                       detectionFields(), Qgis::WkbType::Polygon, request().crs()));
  if (!sink) throw QgsProcessingException(invalidSinkError(parameters, QStringLiteral("OUTPUT")));
  qlonglong count = 0;
  QgsLayerMetadata metadata;
  withModel(groundResolutionM(), feedback,
            [&](geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info, const CancelToken& cancel) {
              std::unique_ptr<geo::Measurer> measurer;
              if (raster.hasGeotransform()) measurer = std::make_unique<geo::Measurer>(raster.crsWkt());
              const Found found = find(raster, model, info, feedback, cancel);
              for (const std::string& warning : found.warnings) feedback->pushWarning(QString::fromStdString(warning));
              for (const geo::Detection& detection : found.detections) {
                QgsFeature feature = detectionFeature(detection, measurer.get());
                if (!sink->addFeature(feature, QgsFeatureSink::FastInsert)) {
                  throw QgsProcessingException(writeFeatureError(sink.get(), parameters, QStringLiteral("OUTPUT")));
                }
                ++count;
              }
              metadata = detectionMetadata(found.provenance);
              feedback->pushInfo(BoxAlgorithmTexts::tr("%Ln box(es) found", nullptr, int(count)));
            });
  sink->flushBuffer();
  if (context.willLoadLayerOnCompletion(destination)) {
    context.layerToLoadOnCompletionDetails(destination).setPostProcessor(new DetectionStyler(labels(), metadata));
  }
  return {{QStringLiteral("OUTPUT"), destination}, {QStringLiteral("COUNT"), count}};
}

}  // namespace orthoscribe::plugin
