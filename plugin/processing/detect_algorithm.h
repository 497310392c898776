// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe:detect
#pragma once

#include <QStringList>

#include "core/tasks/detect.h"
#include "plugin/processing/box_algorithm.h"

namespace orthoscribe::plugin {

class DetectAlgorithm : public BoxAlgorithm {
  Q_DECLARE_TR_FUNCTIONS(DetectAlgorithm)

 public:
  using BoxAlgorithm::BoxAlgorithm;

  QString name() const override { return QStringLiteral("detect"); }
  QString displayName() const override;
  QString shortHelpString() const override;
  QStringList tags() const override;
  QgsProcessingAlgorithm* createInstance() const override { return new DetectAlgorithm(gate()); }
  void initAlgorithm(const QVariantMap& configuration) override;

 protected:
  bool prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback) override;
  std::optional<double> groundResolutionM() const override { return mOptions.gsdM; }
  QStringList labels() const override { return mClasses; }
  Found find(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info, QgsProcessingFeedback* feedback,
             const CancelToken& cancel) override;

 private:
  tasks::DetectOptions mOptions;
  QStringList mClasses;
};

}  // namespace orthoscribe::plugin
