// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/look_algorithm.h"

#include <qgsprocessingoutputs.h>
#include <qgsprocessingparameters.h>

#include "core/base/files.h"

namespace orthoscribe::plugin {
namespace {

struct LookAlgorithmTexts {
  Q_DECLARE_TR_FUNCTIONS(LookAlgorithmTexts)
};

}  // namespace

void LookAlgorithm::addTextOutputs() {
  addParameter(new QgsProcessingParameterFileDestination(QStringLiteral("OUTPUT"), LookAlgorithmTexts::tr("Text file"),
                                                         LookAlgorithmTexts::tr("Text files (*.txt)"), QVariant(), true, false));
  addOutput(new QgsProcessingOutputString(QStringLiteral("TEXT"), LookAlgorithmTexts::tr("Text")));
}

QVariantMap LookAlgorithm::processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                                            QgsProcessingFeedback* feedback) {
  const QString file = parameterAsFileOutput(parameters, QStringLiteral("OUTPUT"), context);
  QVariantMap results;
  withModel(std::nullopt, feedback,
            [&](geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo&, const CancelToken& cancel) {
              tasks::LookOptions options;
              options.area = request().pixelArea(raster);
              const tasks::LookReport report = look(raster, model, options, cancel);
              const QString text = QString::fromStdString(report.text).trimmed();
              for (const std::string& warning : report.warnings) feedback->pushWarning(QString::fromStdString(warning));
              feedback->pushFormattedMessage(text.toHtmlEscaped(), text);
              if (report.cancelled) return;
              if (!file.isEmpty()) {
                writeTextFile(file.toStdString(), text.toStdString() + "\n");
                results.insert(QStringLiteral("OUTPUT"), file);
              }
              results.insert(QStringLiteral("TEXT"), text);
            });
  return results;
}

}  // namespace orthoscribe::plugin
