// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/result_files.h"

#include <qgsapplication.h>
#include <qgsfileutils.h>
#include <qgsproject.h>

#include <QDir>
#include <QFile>

#include "plugin/settings.h"

namespace orthoscribe::plugin {

QString resultFolder() {
  QString folder = loadOptions().resultFolder;
  if (folder.isEmpty() && !QgsProject::instance()->fileName().isEmpty()) folder = QgsProject::instance()->homePath();
  if (folder.isEmpty()) folder = QgsApplication::qgisSettingsDirPath() + QStringLiteral("orthoscribe");
  QDir().mkpath(folder);
  return folder;
}

QString freeResultFile(const QString& folder, const QString& rasterName, const QString& extension) {
  const QString stem = QDir(folder).filePath(QgsFileUtils::stringToSafeFilename(rasterName) + QStringLiteral("_detections"));
  QString path = stem + QLatin1Char('.') + extension;
  for (int number = 2; QFile::exists(path); ++number) path = QStringLiteral("%1_%2.%3").arg(stem).arg(number).arg(extension);
  return path;
}

}  // namespace orthoscribe::plugin
