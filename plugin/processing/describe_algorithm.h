// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe:describe
#pragma once

#include "plugin/processing/look_algorithm.h"

namespace orthoscribe::plugin {

class DescribeAlgorithm : public LookAlgorithm {
  Q_DECLARE_TR_FUNCTIONS(DescribeAlgorithm)

 public:
  using LookAlgorithm::LookAlgorithm;

  QString name() const override { return QStringLiteral("describe"); }
  QString displayName() const override;
  QString shortHelpString() const override;
  QStringList tags() const override;
  QIcon icon() const override;
  QgsProcessingAlgorithm* createInstance() const override { return new DescribeAlgorithm(gate()); }
  void initAlgorithm(const QVariantMap& configuration) override;

 protected:
  tasks::LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                         const CancelToken& cancel) override;
};

}  // namespace orthoscribe::plugin
