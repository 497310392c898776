// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe:ask
#pragma once

#include "plugin/processing/look_algorithm.h"

namespace orthoscribe::plugin {

class AskAlgorithm : public LookAlgorithm {
  Q_DECLARE_TR_FUNCTIONS(AskAlgorithm)

 public:
  using LookAlgorithm::LookAlgorithm;

  QString name() const override { return QStringLiteral("ask"); }
  QString displayName() const override;
  QString shortHelpString() const override;
  QStringList tags() const override;
  QIcon icon() const override;
  QgsProcessingAlgorithm* createInstance() const override { return new AskAlgorithm(gate()); }
  void initAlgorithm(const QVariantMap& configuration) override;

 protected:
  tasks::LookReport look(geo::RasterSource& raster, VisionLanguageModel& model, const tasks::LookOptions& options,
                         const CancelToken& cancel) override;
  bool prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback* feedback) override;

 private:
  QString mQuestion;
  std::optional<RasterRequest> mEarlier;
};

}  // namespace orthoscribe::plugin
