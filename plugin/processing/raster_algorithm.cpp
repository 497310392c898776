// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/processing/raster_algorithm.h"

#include <qgsmapsettings.h>
#include <qgsprocessingparameters.h>
#include <qgsproject.h>
#include <qgsrasterlayer.h>

#include "core/base/error.h"
#include "core/client/http_model.h"
#include "plugin/messages.h"

namespace orthoscribe::plugin {
namespace {

struct RasterAlgorithmTexts {
  Q_DECLARE_TR_FUNCTIONS(RasterAlgorithmTexts)
};

}  // namespace

void RasterAlgorithm::addRasterParameters() {
  addParameter(new QgsProcessingParameterRasterLayer(QStringLiteral("INPUT"), RasterAlgorithmTexts::tr("Raster layer")));
  addParameter(new QgsProcessingParameterExtent(QStringLiteral("EXTENT"), RasterAlgorithmTexts::tr("Area"), QVariant(), true));
  auto bands = std::make_unique<QgsProcessingParameterBand>(QStringLiteral("BANDS"),
                                                            RasterAlgorithmTexts::tr("Bands for red, green and blue, or one"),
                                                            QVariant(), QStringLiteral("INPUT"), true, true);
  bands->setFlags(bands->flags() | Qgis::ProcessingParameterFlag::Advanced);
  addParameter(bands.release());
}

bool RasterAlgorithm::prepareAlgorithm(const QVariantMap& parameters, QgsProcessingContext& context, QgsProcessingFeedback*) {
  QgsRasterLayer* layer = parameterAsRasterLayer(parameters, QStringLiteral("INPUT"), context);
  if (!layer) throw QgsProcessingException(invalidRasterError(parameters, QStringLiteral("INPUT")));
  std::vector<int> bands;
  const QList<int> chosen = parameterAsInts(parameters, QStringLiteral("BANDS"), context);
  for (const int band : chosen) bands.push_back(band);
  if (bands.size() != 0 && bands.size() != 1 && bands.size() != 3) {
    throw QgsProcessingException(RasterAlgorithmTexts::tr("Choose one band or three, not %1.").arg(bands.size()));
  }
  QgsMapSettings settings;
  settings.setTransformContext(context.transformContext());
  settings.setDestinationCrs(layer->crs());
  try {
    mRequest = RasterRequest::ofLayer(*layer, settings, std::move(bands));
    const QgsRectangle extent = parameterAsExtent(parameters, QStringLiteral("EXTENT"), context, layer->crs());
    if (!extent.isEmpty()) mRequest->setRectangle(extent, layer->crs());
  } catch (const Error& error) {
    throw QgsProcessingException(asSentence(QString::fromUtf8(error.what())));
  }
  return true;
}

RasterRequest RasterAlgorithm::requestFor(QgsRasterLayer& layer, QgsProcessingContext& context) const {
  QgsMapSettings settings;
  settings.setTransformContext(context.transformContext());
  settings.setDestinationCrs(layer.crs());
  try {
    RasterRequest other = RasterRequest::ofLayer(layer, settings);
    other.setRectangle(request().bounds(), request().crs());
    return other;
  } catch (const Error& error) {
    throw QgsProcessingException(asSentence(QString::fromUtf8(error.what())));
  }
}

void RasterAlgorithm::withModel(std::optional<double> gsdM, QgsProcessingFeedback* feedback, const Work& work) {
  CancelSource cancel;
  const QMetaObject::Connection connection = QObject::connect(
      feedback, &QgsFeedback::canceled, feedback, [&cancel] { cancel.cancel(); }, Qt::ConnectionType::DirectConnection);
  const std::shared_ptr<void> disconnectAtEnd(nullptr, [&connection](void*) { QObject::disconnect(connection); });
  if (feedback->isCanceled()) cancel.cancel();
  try {
    feedback->pushInfo(RasterAlgorithmTexts::tr("Waiting for the engine"));
    const ReadyModel ready = mGate->await(cancel.token());
    feedback->pushInfo(RasterAlgorithmTexts::tr("Model %1 on %2")
                           .arg(QString::fromStdString(ready.info.name), QString::fromStdString(ready.info.device)));
    const std::unique_ptr<VisionLanguageModel> model = client::makeHttpModel(ready.endpoint);
    const std::unique_ptr<geo::RasterSource> raster = mRequest->open(gsdM.value_or(ready.info.groundResolutionM));
    work(*raster, *model, ready.info, cancel.token());
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Cancelled) return;
    throw QgsProcessingException(asSentence(QString::fromUtf8(error.what())));
  } catch (const QgsException&) {
    throw;
  } catch (const std::exception& error) {
    throw QgsProcessingException(RasterAlgorithmTexts::tr("Internal error: %1").arg(QString::fromUtf8(error.what())));
  }
}

}  // namespace orthoscribe::plugin
