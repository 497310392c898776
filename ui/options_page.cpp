// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/options_page.h"

#include "ui_options_page.h"

namespace orthoscribe::ui {
namespace {

// As QgsFileWidget::splitFilePaths reads them.
QString joined(const QStringList& folders) {
  if (folders.size() < 2) return folders.value(0);
  return QLatin1Char('"') + folders.join(QStringLiteral("\" \"")) + QLatin1Char('"');
}

}  // namespace

OptionsPage::OptionsPage(const OptionsValues& values, QWidget* parent)
    : QgsOptionsPageWidget(parent), mUi(std::make_unique<Ui::OptionsPage>()) {
  mUi->setupUi(this);
  mUi->modelFolder->setStorageMode(QgsFileWidget::StorageMode::GetDirectory);
  mUi->modelFolder->lineEdit()->setPlaceholderText(tr("Starter model"));
  mUi->adapterFolders->setStorageMode(QgsFileWidget::StorageMode::GetDirectory);
  mUi->adapterFolders->lineEdit()->setPlaceholderText(tr("Those trained here"));
  mUi->resultFolder->setStorageMode(QgsFileWidget::StorageMode::GetDirectory);
  mUi->resultFolder->lineEdit()->setPlaceholderText(tr("The project's folder"));
  mUi->programFile->lineEdit()->setPlaceholderText(tr("Found by itself"));
  mUi->deviceCombo->addItem(tr("Automatic"), QStringLiteral("auto"));
  mUi->deviceCombo->addItem(tr("Processor"), QStringLiteral("cpu"));
  mUi->deviceCombo->addItem(tr("Graphics card"), QStringLiteral("cuda"));

  mUi->modelFolder->setFilePath(values.model);
  mUi->adapterFolders->setFilePath(joined(values.adapters));
  mUi->programFile->setFilePath(values.program);
  mUi->resultFolder->setFilePath(values.resultFolder);
  const int device = mUi->deviceCombo->findData(values.device.isEmpty() ? QStringLiteral("auto") : values.device);
  if (device >= 0) {
    mUi->deviceCombo->setCurrentIndex(device);
  } else {
    mUi->deviceCombo->setEditText(values.device);
  }
  mUi->remoteBox->setChecked(values.remote);
  mUi->urlEdit->setText(values.url);
  mUi->serverModelEdit->setText(values.serverModel);
  mUi->authSelect->setConfigId(values.authConfig);
}

OptionsPage::~OptionsPage() = default;

OptionsValues OptionsPage::values() const {
  OptionsValues values;
  values.model = mUi->modelFolder->filePath().trimmed();
  values.adapters = QgsFileWidget::splitFilePaths(mUi->adapterFolders->filePath());
  values.program = mUi->programFile->filePath().trimmed();
  values.resultFolder = mUi->resultFolder->filePath().trimmed();
  // What is typed by hand ("cuda:1") is no item of the list.
  const int typed = mUi->deviceCombo->findText(mUi->deviceCombo->currentText());
  values.device = typed >= 0 ? mUi->deviceCombo->itemData(typed).toString() : mUi->deviceCombo->currentText().trimmed();
  values.remote = mUi->remoteBox->isChecked();
  values.url = mUi->urlEdit->text().trimmed();
  values.serverModel = mUi->serverModelEdit->text().trimmed();
  values.authConfig = mUi->authSelect->configId();
  return values;
}

void OptionsPage::apply() {
  Q_EMIT applied(values());
}

}  // namespace orthoscribe::ui
