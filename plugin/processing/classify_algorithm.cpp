// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/classify_algorithm.h"

#include <qgsprocessingoutputs.h>
#include <qgsprocessingparameters.h>

#include <QIcon>

#include "core/tasks/scene_classes.h"

namespace orthoscribe::plugin {

QString ClassifyAlgorithm::displayName() const {
  return tr("Classify raster");
}

QString ClassifyAlgorithm::shortHelpString() const {
  return tr(
      "Lets a vision-language model choose the class of a raster layer, or of an area of it. Classes are names separated by "
      "commas; without any, those that the model was trained on. The engine is started when it is not running.");
}

QStringList ClassifyAlgorithm::tags() const {
  return tr("scene,class,land use,image,model,vision,language").split(QLatin1Char(','));
}

QIcon ClassifyAlgorithm::icon() const {
  return QIcon(QStringLiteral(":/orthoscribe/icons/ask.svg"));
}

void ClassifyAlgorithm::initAlgorithm(const QVariantMap&) {
  addRasterParameters();
  addParameter(
      new QgsProcessingParameterString(QStringLiteral("CLASSES"), tr("Classes to choose from"), QVariant(), false, true));
  addTextOutputs();
  addOutput(new QgsProcessingOutputString(QStringLiteral("CLASS"), tr("Class")));
  addOutput(new QgsProcessingOutputNumber(QStringLiteral("SCORE"), tr("Confidence")));
}

bool ClassifyAlgorithm::prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                         QgsProcessingFeedback* feedback) {
  mClasses = tasks::classNames(parameterAsString(parameters, QStringLiteral("CLASSES"), context).toStdString());
  return LookAlgorithm::prepareAlgorithm(parameters, context, feedback);
}

tasks::LookReport ClassifyAlgorithm::look(geo::RasterSource& raster, VisionLanguageModel& model,
                                          const tasks::LookOptions& options, const CancelToken& cancel) {
  tasks::ClassifyOptions classify;
  classify.look = options;
  classify.classes = mClasses;
  mReport = tasks::classify(raster, model, classify, cancel);
  tasks::LookReport shown = mReport.look;
  if (!mReport.chosen.empty()) shown.text = mReport.chosen;
  return shown;
}

QVariantMap ClassifyAlgorithm::processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                                QgsProcessingFeedback* feedback) {
  QVariantMap results = LookAlgorithm::processAlgorithm(parameters, context, feedback);
  if (mReport.chosen.empty()) return results;
  results.insert(QStringLiteral("CLASS"), QString::fromStdString(mReport.chosen));
  if (mReport.score) results.insert(QStringLiteral("SCORE"), *mReport.score);
  return results;
}

}  // namespace orthoscribe::plugin
