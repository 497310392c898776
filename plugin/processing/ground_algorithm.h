// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe:ground
#pragma once

#include "core/tasks/ground.h"
#include "plugin/processing/box_algorithm.h"

namespace orthoscribe::plugin {

class GroundAlgorithm : public BoxAlgorithm {
  Q_DECLARE_TR_FUNCTIONS(GroundAlgorithm)

 public:
  using BoxAlgorithm::BoxAlgorithm;

  QString name() const override { return QStringLiteral("ground"); }
  QString displayName() const override;
  QString shortHelpString() const override;
  QStringList tags() const override;
  QgsProcessingAlgorithm* createInstance() const override { return new GroundAlgorithm(gate()); }
  void initAlgorithm(const QVariantMap& configuration) override;

 protected:
  bool prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback) override;
  QStringList labels() const override { return {mPhrase}; }
  Found find(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info, QgsProcessingFeedback* feedback,
             const CancelToken& cancel) override;

 private:
  QString mPhrase;
  tasks::GroundOptions mOptions;
};

}  // namespace orthoscribe::plugin
