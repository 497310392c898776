// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/info_job.h"

namespace orthoscribe::plugin {

InfoJob::InfoJob(client::EndpointOptions endpoint)
    : QgsTask(tr("Asking the model what it can do"),
              QgsTask::CanCancel | QgsTask::CancelWithoutPrompt | QgsTask::Hidden | QgsTask::Silent),
      mEndpoint(std::move(endpoint)) {}

bool InfoJob::run() {
  try {
    mInfo = client::makeHttpModel(mEndpoint)->info();
    return !isCanceled();
  } catch (const std::exception& error) {
    mFailure = QString::fromUtf8(error.what());
    return false;
  }
}

}  // namespace orthoscribe::plugin
