// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/describe_algorithm.h"

#include <QIcon>

namespace orthoscribe::plugin {

QString DescribeAlgorithm::displayName() const {
  return tr("Describe raster");
}

QString DescribeAlgorithm::shortHelpString() const {
  return tr(
      "Lets a vision-language model describe a raster layer, or an area of it, in a few sentences. The engine is started when it "
      "is not running.");
}

QStringList DescribeAlgorithm::tags() const {
  return tr("caption,summary,image,model,vision,language").split(QLatin1Char(','));
}

QIcon DescribeAlgorithm::icon() const {
  return QIcon(QStringLiteral(":/orthoscribe/icons/describe.svg"));
}

void DescribeAlgorithm::initAlgorithm(const QVariantMap&) {
  addRasterParameters();
  addTextOutputs();
}

tasks::LookReport DescribeAlgorithm::look(geo::RasterSource& raster, VisionLanguageModel& model,
                                          const tasks::LookOptions& options, const CancelToken& cancel) {
  return tasks::describe(raster, model, options, nullptr, cancel);
}

}  // namespace orthoscribe::plugin
