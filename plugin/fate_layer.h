// SPDX-License-Identifier: GPL-2.0-or-later
// What became of detections and true objects, as a layer.
#pragma once

#include <qgsfeature.h>
#include <qgsfields.h>
#include <qgsprocessingcontext.h>

#include "plugin/truth_comparison.h"

class QgsVectorLayer;

namespace orthoscribe::plugin {

// label, score, fate ("right", "wrong", "missed", "not counted"), overlap
QgsFields fateFields();
QgsFeature fateFeature(const FatedObject& object);

// A colour for each fate, told apart with colour-blind eyes too: right is thin, missed is dashed.
void styleFates(QgsVectorLayer& layer);

class FateStyler : public QgsProcessingLayerPostProcessorInterface {
 public:
  void postProcessLayer(QgsMapLayer* layer, QgsProcessingContext& context, QgsProcessingFeedback* feedback) override;
};

}  // namespace orthoscribe::plugin
