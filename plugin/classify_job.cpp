// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/classify_job.h"

#include <QLocale>

#include "core/tasks/classify.h"

namespace orthoscribe::plugin {

ClassifyJob::ClassifyJob(std::shared_ptr<EngineGate> gate, RasterRequest request, const QStringList& names)
    : LookJob(tr("Classifying %1").arg(request.name()), std::move(gate), request), mNames(names) {}

tasks::LookReport ClassifyJob::look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                    const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) {
  tasks::ClassifyOptions classify;
  classify.look = options;
  for (const QString& name : std::as_const(mNames)) classify.classes.push_back(name.toStdString());
  tasks::ClassifyReport report = tasks::classify(raster, model, classify, cancel);
  if (!report.chosen.empty()) {
    QString text = QString::fromStdString(report.chosen);
    if (report.score) text = tr("%1 (confidence %2)").arg(text, QLocale().toString(*report.score, 'f', 2));
    report.look.text = text.toStdString();
  }
  if (onToken) onToken({.text = report.look.text, .logProbability = 0.0, .alternatives = {}});
  return report.look;
}

}  // namespace orthoscribe::plugin
