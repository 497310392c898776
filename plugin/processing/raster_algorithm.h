// SPDX-License-Identifier: GPL-2.0-or-later
// What the Processing algorithms share: the raster, its area and bands, the wait for the engine, and errors in Processing's form.
#pragma once

#include <qgsprocessingalgorithm.h>

#include <functional>
#include <memory>
#include <optional>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/geo/raster.h"
#include "plugin/engine_gate.h"
#include "plugin/raster_request.h"

namespace orthoscribe::plugin {

class RasterAlgorithm : public QgsProcessingAlgorithm {
 public:
  explicit RasterAlgorithm(std::shared_ptr<EngineGate> gate) : mGate(std::move(gate)) {}

  QString group() const override { return {}; }
  QString groupId() const override { return {}; }

 protected:
  // INPUT, EXTENT, BANDS
  void addRasterParameters();
  bool prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback) override;

  // Waits for the model, opens the raster and calls `work`; turns every error into QgsProcessingException. gsdM: ground
  // resolution asked for.
  using Work = std::function<void(geo::RasterSource&, VisionLanguageModel&, const ModelInfo&, const CancelToken&)>;
  void withModel(std::optional<double> gsdM, QgsProcessingFeedback* feedback, const Work& work);

  // Another layer over the same ground; throws QgsProcessingException when nothing of it lies there.
  RasterRequest requestFor(QgsRasterLayer& layer, QgsProcessingContext& context) const;

  const RasterRequest& request() const { return *mRequest; }
  const std::shared_ptr<EngineGate>& gate() const { return mGate; }

 private:
  std::shared_ptr<EngineGate> mGate;
  std::optional<RasterRequest> mRequest;
};

}  // namespace orthoscribe::plugin
