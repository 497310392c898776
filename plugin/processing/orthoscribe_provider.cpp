// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/orthoscribe_provider.h"

#include <QIcon>

#include "core/base/version.h"
#include "plugin/engine_gate.h"
#include "plugin/processing/ask_algorithm.h"
#include "plugin/processing/classify_algorithm.h"
#include "plugin/processing/describe_algorithm.h"
#include "plugin/processing/detect_algorithm.h"
#include "plugin/processing/evaluate_algorithm.h"
#include "plugin/processing/ground_algorithm.h"

namespace orthoscribe::plugin {

OrthoscribeProvider::OrthoscribeProvider(std::shared_ptr<EngineGate> gate) : mGate(std::move(gate)) {}

QString OrthoscribeProvider::longName() const {
  return tr("Orthoscribe, a vision-language model for maps");
}

QString OrthoscribeProvider::versionInfo() const {
  return QLatin1String(kVersion);
}

QIcon OrthoscribeProvider::icon() const {
  return QIcon(QStringLiteral(":/orthoscribe/icons/orthoscribe.svg"));
}

void OrthoscribeProvider::loadAlgorithms() {
  addAlgorithm(new DescribeAlgorithm(mGate));
  addAlgorithm(new AskAlgorithm(mGate));
  addAlgorithm(new DetectAlgorithm(mGate));
  addAlgorithm(new GroundAlgorithm(mGate));
  addAlgorithm(new ClassifyAlgorithm(mGate));
  addAlgorithm(new EvaluateAlgorithm);
}

}  // namespace orthoscribe::plugin
