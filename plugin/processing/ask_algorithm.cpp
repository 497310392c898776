// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/ask_algorithm.h"

#include <qgsprocessingparameters.h>
#include <qgsrasterlayer.h>

#include <QIcon>

#include "core/tasks/change.h"
#include "core/tasks/zoom.h"

namespace orthoscribe::plugin {

QString AskAlgorithm::displayName() const {
  return tr("Ask about raster");
}

QString AskAlgorithm::shortHelpString() const {
  return tr(
      "Asks a vision-language model a question about a raster layer, or an area of it. With an earlier date the model is shown "
      "both, over the same ground. Large areas are shown as an overview first, and then the parts that the model asks for. The "
      "engine is started when it is not running.");
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
  addParameter(
      new QgsProcessingParameterRasterLayer(QStringLiteral("BEFORE"), tr("Earlier date to compare with"), QVariant(), true));
  addTextOutputs();
}

bool AskAlgorithm::prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                    QgsProcessingFeedback* feedback) {
  mQuestion = parameterAsString(parameters, QStringLiteral("QUESTION"), context).trimmed();
  if (mQuestion.isEmpty()) throw QgsProcessingException(tr("The question is empty."));
  if (!LookAlgorithm::prepareAlgorithm(parameters, context, feedback)) return false;
  if (QgsRasterLayer* earlier = parameterAsRasterLayer(parameters, QStringLiteral("BEFORE"), context)) {
    mEarlier = requestFor(*earlier, context);
  }
  return true;
}

tasks::LookReport AskAlgorithm::look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                     const CancelToken& cancel) {
  if (mEarlier) {
    const std::unique_ptr<geo::RasterSource> before = mEarlier->open(0.0);
    return tasks::askChange(raster, *before, model, mQuestion.toStdString(), options, nullptr, cancel);
  }
  return tasks::askZooming(raster, model, mQuestion.toStdString(), options, {}, nullptr, cancel);
}

}  // namespace orthoscribe::plugin
