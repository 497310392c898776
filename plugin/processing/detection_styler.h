// SPDX-License-Identifier: GPL-2.0-or-later
// Gives a loaded layer of boxes the look and the origin that the dock's results have.
#pragma once

#include <qgsprocessingcontext.h>
#include <qgsvectorlayer.h>

#include <QStringList>

#include "plugin/detection_layer.h"

namespace orthoscribe::plugin {

class DetectionStyler : public QgsProcessingLayerPostProcessorInterface {
 public:
  DetectionStyler(QStringList classes, const QgsLayerMetadata& metadata) : mClasses(std::move(classes)), mMetadata(metadata) {}

  void postProcessLayer(QgsMapLayer* layer, QgsProcessingContext&, QgsProcessingFeedback*) override {
    if (auto* boxes = qobject_cast<QgsVectorLayer*>(layer)) styleDetections(*boxes, mClasses);
    layer->setMetadata(mMetadata);
  }

 private:
  QStringList mClasses;
  QgsLayerMetadata mMetadata;
};

}  // namespace orthoscribe::plugin
