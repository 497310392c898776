// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/model_job.h"

#include "core/base/error.h"
#include "core/client/http_model.h"
#include "plugin/messages.h"

namespace orthoscribe::plugin {

ModelJob::ModelJob(const QString& title, std::shared_ptr<EngineGate> gate, RasterRequest request)
    // QGIS need not ask before it quits: what was found is kept at every moment.
    : QgsTask(title, QgsTask::CanCancel | QgsTask::CancelWithoutPrompt | QgsTask::Silent),
      mGate(std::move(gate)),
      mRequest(std::move(request)) {}

void ModelJob::cancel() {
  mCancel.cancel();
  QgsTask::cancel();
}

bool ModelJob::run() {
  // An exception out of here would end QGIS.
  try {
    const CancelToken token = mCancel.token();
    ReadyModel ready = mGate->await(token);
    if (!mExpert.isEmpty()) {
      ready.endpoint.adapter = mExpert.toStdString();
      ready.info.adapters = {ready.endpoint.adapter};
    }
    const std::unique_ptr<VisionLanguageModel> model = client::makeHttpModel(ready.endpoint);
    const std::unique_ptr<geo::RasterSource> raster = mRequest.open(resolutionM(ready.info));
    Q_EMIT modelReady();
    work(*raster, *model, ready.info, token);
    return !token.cancelled();
  } catch (const Error& error) {
    if (error.code() == ErrorCode::Cancelled || wasCancelled()) return false;
    mFailure = asSentence(QString::fromStdString(error.message())) +
               (error.hint().empty() ? QString() : QLatin1Char(' ') + asSentence(QString::fromStdString(error.hint())));
  } catch (const std::exception& error) {
    mFailure = tr("Internal error: %1").arg(QString::fromUtf8(error.what()));
  } catch (...) {
    mFailure = tr("Internal error of unknown kind");
  }
  log(description() + QStringLiteral(": ") + mFailure, Qgis::MessageLevel::Warning);
  return false;
}

void ModelJob::finished(bool) {
  Q_EMIT ended();
}

}  // namespace orthoscribe::plugin
