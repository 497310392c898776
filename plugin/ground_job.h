// SPDX-License-Identifier: GPL-2.0-or-later
// Finds what a phrase means on an area; its boxes go the same way as those of a detection.
#pragma once

#include "plugin/detect_job.h"

namespace orthoscribe::plugin {

class GroundJob : public DetectJob {
  Q_OBJECT

 public:
  GroundJob(std::shared_ptr<EngineGate> gate, RasterRequest request, const QString& phrase, const QString& resultFile);

 protected:
  double resolutionM(const ModelInfo&) const override { return 0.0; }
  geo::Provenance search(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info,
                         const tasks::DetectSink& sink, const CancelToken& cancel) override;

 private:
  QString mPhrase;
};

}  // namespace orthoscribe::plugin
