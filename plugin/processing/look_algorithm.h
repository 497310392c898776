// SPDX-License-Identifier: GPL-2.0-or-later
// An algorithm whose result is a text: describe and ask.
#pragma once

#include "core/tasks/describe.h"
#include "plugin/processing/raster_algorithm.h"

namespace orthoscribe::plugin {

class LookAlgorithm : public RasterAlgorithm {
 public:
  using RasterAlgorithm::RasterAlgorithm;

 protected:
  // OUTPUT, a text file; and the text itself as output TEXT.
  void addTextOutputs();
  QVariantMap processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                               QgsProcessingFeedback* feedback) override;
  virtual tasks::LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                                 const CancelToken& cancel) = 0;
};

}  // namespace orthoscribe::plugin
