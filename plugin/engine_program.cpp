// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/engine_program.h"

#include <dlfcn.h>

#include <QCoreApplication>
#include <QDir>
#include <QFileInfo>
#include <QStandardPaths>

#include "core/base/error.h"

namespace orthoscribe::plugin {
namespace {

bool isProgram(const QString& path) {
  const QFileInfo info(path);
  return info.isFile() && info.isExecutable();
}

QString libraryFolder() {
  Dl_info info{};
  if (dladdr(reinterpret_cast<const void*>(&findEngineProgram), &info) == 0 || info.dli_fname == nullptr) return {};
  return QFileInfo(QFile::decodeName(info.dli_fname)).canonicalPath();
}

[[noreturn]] void failNamed(const QString& path, const QString& where) {
  throw Error(ErrorCode::NotFound,
              QCoreApplication::translate("EngineProgram", "%1, named by %2, is no program that can be run")
                  .arg(path, where)
                  .toStdString(),
              QCoreApplication::translate("EngineProgram", "Correct it, or leave it empty").toStdString());
}

}  // namespace

QString findEngineProgram(const QString& configured) {
  if (!configured.isEmpty()) {
    if (isProgram(configured)) return configured;
    failNamed(configured, QCoreApplication::translate("EngineProgram", "Orthoscribe's options"));
  }
  const QString byEnvironment = qEnvironmentVariable("ORTHOSCRIBE_ENGINE");
  if (!byEnvironment.isEmpty()) {
    if (isProgram(byEnvironment)) return byEnvironment;
    failNamed(byEnvironment, QStringLiteral("ORTHOSCRIBE_ENGINE"));
  }
  // The library lies in <prefix>/lib/qgis/plugins when installed, in <build>/plugins when not.
  const QDir library(libraryFolder());
  for (const QString& way : {QStringLiteral("../../../bin/orthoscribe"), QStringLiteral("../bin/orthoscribe")}) {
    const QString path = QDir::cleanPath(library.filePath(way));
    if (isProgram(path)) return path;
  }
  const QString onPath = QStandardPaths::findExecutable(QStringLiteral("orthoscribe"));
  if (!onPath.isEmpty()) return onPath;
  throw Error(ErrorCode::NotFound,
              QCoreApplication::translate("EngineProgram",
                                          "the program orthoscribe was found neither beside the plugin nor on the search path")
                  .toStdString(),
              QCoreApplication::translate("EngineProgram", "Install it, or name it in Orthoscribe's options").toStdString());
}

}  // namespace orthoscribe::plugin
