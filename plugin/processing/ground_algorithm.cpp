// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/ground_algorithm.h"

#include <qgsprocessingparameters.h>

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

void GroundAlgorithm::initAlgorithm(const QVariantMap&) {
  addRasterParameters();
  addParameter(new QgsProcessingParameterString(QStringLiteral("PHRASE"), tr("What to find")));
  addParameter(new QgsProcessingParameterEnum(QStringLiteral("BOXES"), tr("Boxes"),
                                              {tr("As the model usually draws"), tr("Upright in the picture"), tr("Turned")},
                                              false, 0));
  addBoxOutputs(tr("Found"));
}

bool GroundAlgorithm::prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                       QgsProcessingFeedback* feedback) {
  mPhrase = parameterAsString(parameters, QStringLiteral("PHRASE"), context).simplified();
  if (mPhrase.isEmpty()) throw QgsProcessingException(tr("There is nothing to find. Describe it in a few words."));
  const int boxes = parameterAsEnum(parameters, QStringLiteral("BOXES"), context);
  if (boxes > 0) mOptions.shape = boxes == 1 ? tasks::BoxShape::Upright : tasks::BoxShape::Turned;
  return RasterAlgorithm::prepareAlgorithm(parameters, context, feedback);
}

BoxAlgorithm::Found GroundAlgorithm::find(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info,
                                          QgsProcessingFeedback*, const CancelToken& cancel) {
  mOptions.look.area = request().pixelArea(raster);
  const std::string phrase = mPhrase.toStdString();
  const tasks::GroundReport report = tasks::ground(raster, model, phrase, mOptions, cancel);
  return {report.detections, report.look.warnings, tasks::provenanceOf(report, phrase, info, raster.name())};
}

}  // namespace orthoscribe::plugin
