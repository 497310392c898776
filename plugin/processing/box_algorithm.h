// SPDX-License-Identifier: GPL-2.0-or-later
// What the algorithms share whose result is a layer of boxes: detect and ground.
#pragma once

#include <QStringList>
#include <vector>

#include "core/geo/detection.h"
#include "core/geo/layer_writer.h"
#include "plugin/processing/raster_algorithm.h"

namespace orthoscribe::plugin {

class BoxAlgorithm : public RasterAlgorithm {
 public:
  using RasterAlgorithm::RasterAlgorithm;

  QIcon icon() const override;

 protected:
  struct Found {
    std::vector<geo::Detection> detections;
    std::vector<std::string> warnings;
    geo::Provenance provenance;
  };

  // OUTPUT, the layer; and how many boxes it has as output COUNT.
  void addBoxOutputs(const QString& layerTitle);
  QVariantMap processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                               QgsProcessingFeedback* feedback) override;

  // Ground resolution asked for; nothing: what suits the model.
  virtual std::optional<double> groundResolutionM() const { return std::nullopt; }
  // Labels that the boxes will have.
  virtual QStringList labels() const = 0;
  virtual Found find(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info,
                     QgsProcessingFeedback* feedback, const CancelToken& cancel) = 0;
};

}  // namespace orthoscribe::plugin
