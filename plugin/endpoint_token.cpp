// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/endpoint_token.h"

#include <qgsapplication.h>
#include <qgsauthmanager.h>

#include <QCoreApplication>
#include <QNetworkRequest>

#include "core/base/error.h"

namespace orthoscribe::plugin {

std::string bearerTokenOf(const QString& authConfigId) {
  if (authConfigId.isEmpty()) return {};
  QNetworkRequest request;
  const bool known = QgsApplication::authManager()->updateNetworkRequest(request, authConfigId);
  for (const char* header : {"Authorization", "X-Esri-Authorization"}) {
    const QByteArray value = request.rawHeader(header);
    if (value.startsWith("Bearer ")) return value.mid(7).trimmed().toStdString();
  }
  const QString message =
      known ? QCoreApplication::translate("EndpointToken", "the authentication configuration %1 gives no bearer token")
            : QCoreApplication::translate("EndpointToken", "the authentication configuration %1 cannot be used");
  throw Error(ErrorCode::InvalidInput, message.arg(authConfigId).toStdString(),
              QCoreApplication::translate("EndpointToken",
                                          "Choose one of the kind API Header with Authorization set to Bearer and the token")
                  .toStdString());
}

}  // namespace orthoscribe::plugin
