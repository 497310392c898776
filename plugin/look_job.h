// SPDX-License-Identifier: GPL-2.0-or-later
// A job that shows the model an area as a picture and streams what it says.
#pragma once

#include <QImage>
#include <QList>
#include <QPair>
#include <QPolygonF>
#include <QStringList>

#include "core/tasks/describe.h"
#include "plugin/model_job.h"

namespace orthoscribe::plugin {

class LookJob : public ModelJob {
  Q_OBJECT

 public:
  using ModelJob::ModelJob;

  // After ended().
  QString answer() const { return mAnswer; }
  // What the model's experts did; empty where it has none.
  const RouterUse& expertUse() const { return mExpertUse; }
  // What a description by aspects was made of: the aspects' names and texts; empty for other answers.
  const QList<QPair<QString, QString>>& aspects() const { return mAspects; }
  // Name of the model that answered.
  QString modelName() const { return mModelName; }
  const QStringList& warnings() const { return mWarnings; }

 Q_SIGNALS:
  void pictureTaken(const QImage& thumbnail);
  void answerGrew(const QString& text);
  // A part that the model looks at closer: a closed outline in the request's CRS.
  void lookedCloser(const QPolygonF& outline);

 protected:
  void work(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info, const CancelToken& cancel) override;
  virtual tasks::LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                 const VisionLanguageModel::OnToken& onToken, const CancelToken& cancel) = 0;

 private:
  QString mAnswer;
  QString mModelName;
  QStringList mWarnings;
  QList<QPair<QString, QString>> mAspects;
  RouterUse mExpertUse;
};

}  // namespace orthoscribe::plugin
