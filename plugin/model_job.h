// SPDX-License-Identifier: GPL-2.0-or-later
// Background work that asks the model about a raster: the frame that describe, ask and detect share.
#pragma once

#include <qgstaskmanager.h>

#include <memory>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/geo/raster.h"
#include "plugin/engine_gate.h"
#include "plugin/raster_request.h"

namespace orthoscribe::plugin {

class ModelJob : public QgsTask {
  Q_OBJECT

 public:
  ModelJob(const QString& title, std::shared_ptr<EngineGate> gate, RasterRequest request);

  // Before it is started: the expert that answers, by the name that the engine offers it under; empty: the default; "none": the
  // bare model.
  void setExpert(const QString& name) { mExpert = name; }

  // Any thread. Wakes whatever the job waits for.
  void cancel() override;
  // For people; empty when all went well or it was cancelled. After ended().
  const QString& failure() const { return mFailure; }
  bool wasCancelled() const { return mCancel.token().cancelled(); }

 Q_SIGNALS:
  // Main thread: the job has come to its end, well or not. It lives until the event loop is reached again.
  void ended();
  // The model can be asked; the work begins.
  void modelReady();

 protected:
  bool run() final;
  void finished(bool result) override;

  // Metres a pixel at which the work wants to see a drawn raster; 0: no wish.
  virtual double resolutionM(const ModelInfo&) const { return 0.0; }
  // On the job's thread; may throw anything.
  virtual void work(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info, const CancelToken& cancel) = 0;

  const RasterRequest& request() const { return mRequest; }

 private:
  std::shared_ptr<EngineGate> mGate;
  RasterRequest mRequest;
  QString mExpert;
  CancelSource mCancel;
  QString mFailure;
};

}  // namespace orthoscribe::plugin
