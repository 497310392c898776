// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/experts.h"

#include <QDir>
#include <QFileInfo>

#include "core/base/files.h"

namespace orthoscribe::plugin {

QString expertsFolder() {
  return QString::fromStdString((userDataDirectory() / "experts").string());
}

QStringList expertFolders(const QStringList& optionFolders) {
  const QDir trained(expertsFolder());
  QStringList candidates;
  const QStringList names = trained.entryList(QDir::Dirs | QDir::NoDotAndDotDot, QDir::Name);
  for (const QString& name : names) candidates << trained.filePath(name);
  QStringList folders;
  for (const QString& folder : candidates + optionFolders) {
    const bool known = expertNames(folders).contains(QDir(folder).dirName());
    if (!known && QFileInfo::exists(QDir(folder).filePath(QStringLiteral("adapter_config.json")))) folders << folder;
  }
  return folders;
}

QStringList expertNames(const QStringList& folders) {
  QStringList names;
  for (const QString& folder : folders) names << QDir(folder).dirName();
  return names;
}

}  // namespace orthoscribe::plugin
