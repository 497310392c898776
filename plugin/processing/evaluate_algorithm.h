// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe:evaluate
#pragma once

#include <qgsprocessingalgorithm.h>

#include <QCoreApplication>

namespace orthoscribe::plugin {

class EvaluateAlgorithm : public QgsProcessingAlgorithm {
  Q_DECLARE_TR_FUNCTIONS(EvaluateAlgorithm)

 public:
  QString name() const override { return QStringLiteral("evaluate"); }
  QString displayName() const override;
  QString shortHelpString() const override;
  QStringList tags() const override;
  QIcon icon() const override;
  QString group() const override { return {}; }
  QString groupId() const override { return {}; }
  QgsProcessingAlgorithm* createInstance() const override { return new EvaluateAlgorithm; }
  void initAlgorithm(const QVariantMap& configuration) override;

 protected:
  QVariantMap processAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context,
                               QgsProcessingFeedback* feedback) override;
};

}  // namespace orthoscribe::plugin
