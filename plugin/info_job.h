// SPDX-License-Identifier: GPL-2.0-or-later
// Asks a server, off the main thread, what its model says of itself.
#pragma once

#include <qgstaskmanager.h>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/client/http_model.h"

namespace orthoscribe::plugin {

class InfoJob : public QgsTask {
  Q_OBJECT

 public:
  explicit InfoJob(client::EndpointOptions endpoint);

  // Valid once taskCompleted was emitted.
  const ModelInfo& info() const { return mInfo; }
  // Valid once taskTerminated was emitted.
  const QString& failure() const { return mFailure; }

 protected:
  bool run() override;

 private:
  client::EndpointOptions mEndpoint;
  ModelInfo mInfo;
  QString mFailure;
};

}  // namespace orthoscribe::plugin
