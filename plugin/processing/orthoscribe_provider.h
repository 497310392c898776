// SPDX-License-Identifier: GPL-2.0-or-later
// Orthoscribe in the Processing toolbox.
#pragma once

#include <qgsprocessingprovider.h>

#include <memory>

namespace orthoscribe::plugin {

class EngineGate;

class OrthoscribeProvider : public QgsProcessingProvider {
  Q_OBJECT

 public:
  explicit OrthoscribeProvider(std::shared_ptr<EngineGate> gate);

  QString id() const override { return QStringLiteral("orthoscribe"); }
  QString name() const override { return QStringLiteral("Orthoscribe"); }
  QString longName() const override;
  QString versionInfo() const override;
  QIcon icon() const override;

 protected:
  void loadAlgorithms() override;

 private:
  std::shared_ptr<EngineGate> mGate;
};

}  // namespace orthoscribe::plugin
