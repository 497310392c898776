// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe:classify
#pragma once

#include "core/tasks/classify.h"
#include "plugin/processing/look_algorithm.h"

namespace orthoscribe::plugin {

class ClassifyAlgorithm : public LookAlgorithm {
  Q_DECLARE_TR_FUNCTIONS(ClassifyAlgorithm)

 public:
  using LookAlgorithm::LookAlgorithm;

  QString name() const override { return QStringLiteral("classify"); }
  QString displayName() const override;
  QString shortHelpString() const override;
  QStringList tags() const override;
  QIcon icon() const override;
  QgsProcessingAlgorithm* createInstance() const override { return new ClassifyAlgorithm(gate()); }
  void initAlgorithm(const QVariantMap& configuration) override;

 protected:
  tasks::LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                         const CancelToken& cancel) override;
  bool prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback) override;
  QVariantMap processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                               QgsProcessingFeedback* feedback) override;

 private:
  std::vector<std::string> mClasses;
  tasks::ClassifyReport mReport;
};

}  // namespace orthoscribe::plugin
