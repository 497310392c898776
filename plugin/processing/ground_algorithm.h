// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe:ground
#pragma once

#include "core/tasks/ground.h"
#include "plugin/processing/raster_algorithm.h"

namespace orthoscribe::plugin {

class GroundAlgorithm : public RasterAlgorithm {
  Q_DECLARE_TR_FUNCTIONS(GroundAlgorithm)

 public:
  using RasterAlgorithm::RasterAlgorithm;

  QString name() const override { return QStringLiteral("ground"); }
  QString displayName() const override;
  QString shortHelpString() const override;
  QStringList tags() const override;
  QIcon icon() const override;
  QgsProcessingAlgorithm* createInstance() const override { return new GroundAlgorithm(gate()); }
  void initAlgorithm(const QVariantMap& configuration) override;

 protected:
  bool prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback) override;
  QVariantMap processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                               QgsProcessingFeedback* feedback) override;

 private:
  QString mPhrase;
  tasks::GroundOptions mOptions;
};

}  // namespace orthoscribe::plugin
