// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/ask_algorithm.h"

#include <qgsprocessingparameters.h>

#include <QIcon>

namespace orthoscribe::plugin {

QString AskAlgorithm::displayName() const {
  return tr("Ask about raster");
}

QString AskAlgorithm::shortHelpString() const {
  return tr(
      "Asks a vision-language model a question about a raster layer, or an area of it. The engine is started when it is not "
      "running.");
}

QStringList AskAlgorithm::tags() const {
  return tr("question,answer,image,model,vision,language").split(QLatin1Char(','));
}

QIcon AskAlgorithm::icon() const {
  return QIcon(QStringLiteral(":/orthoscribe/icons/ask.svg"));
}

void AskAlgorithm::initAlgorithm(const QVariantMap&) {
  addRasterParameters();
  addParameter(new QgsProcessingParameterString(QStringLiteral("QUESTION"), tr("Question")));
  addTextOutputs();
}

bool AskAlgorithm::prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                    QgsProcessingFeedback* feedback) {
  mQuestion = parameterAsString(parameters, QStringLiteral("QUESTION"), context).trimmed();
  if (mQuestion.isEmpty()) throw QgsProcessingException(tr("The question is empty."));
  return LookAlgorithm::prepareAlgorithm(parameters, context, feedback);
}

tasks::LookReport AskAlgorithm::look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                     const CancelToken& cancel) {
  return tasks::ask(raster, model, mQuestion.toStdString(), options, nullptr, cancel);
}

}  // namespace orthoscribe::plugin
