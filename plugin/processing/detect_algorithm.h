// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe:detect
#pragma once

#include <QStringList>

#include "core/tasks/detect.h"
#include "plugin/processing/raster_algorithm.h"

namespace orthoscribe::plugin {

class DetectAlgorithm : public RasterAlgorithm {
  Q_DECLARE_TR_FUNCTIONS(DetectAlgorithm)

 public:
  using RasterAlgorithm::RasterAlgorithm;

  QString name() const override { return QStringLiteral("detect"); }
  QString displayName() const override;
  QString shortHelpString() const override;
  QStringList tags() const override;
  QIcon icon() const override;
  QgsProcessingAlgorithm* createInstance() const override { return new DetectAlgorithm(gate()); }
  void initAlgorithm(const QVariantMap& configuration) override;

 protected:
  bool prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback) override;
  QVariantMap processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                               QgsProcessingFeedback* feedback) override;

 private:
  tasks::DetectOptions mOptions;
  QStringList mClasses;
};

}  // namespace orthoscribe::plugin
