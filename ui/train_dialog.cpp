// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/train_dialog.h"

#include <qgis.h>
#include <qgsfieldproxymodel.h>
#include <qgsgui.h>
#include <qgsrasterlayer.h>
#include <qgsvectorlayer.h>

#include <QLayout>
#include <QPushButton>
#include <QRegularExpression>

#include "ui_train_dialog.h"

namespace orthoscribe::ui {
namespace {

// What the engine gives other meanings, and what would lead out of the folder of experts.
bool isFolderName(const QString& name) {
  static const QRegularExpression kAllowed(QStringLiteral("^[\\w][\\w .-]*$"),
                                           QRegularExpression::PatternOption::UseUnicodePropertiesOption);
  return kAllowed.match(name).hasMatch() && name != QLatin1String("none");
}

}  // namespace

TrainDialog::TrainDialog(QWidget* parent) : QDialog(parent), mUi(std::make_unique<Ui::TrainDialog>()) {
  mUi->setupUi(this);
  setObjectName(QStringLiteral("OrthoscribeTrainDialog"));
  QgsGui::enableAutoGeometryRestore(this);
  mUi->rasterCombo->setFilters(Qgis::LayerFilter::RasterLayer);
  mUi->labelsCombo->setFilters(Qgis::LayerFilter::PolygonLayer);
  for (QgsFieldComboBox* combo : {mUi->fieldCombo, mUi->statusCombo}) {
    combo->setAllowEmptyFieldName(true);
    combo->setFilters(QgsFieldProxyModel::Filter::String);
  }
  mUi->heldOutSpin->setClearValue(mUi->heldOutSpin->value());
  mUi->minutesSpin->setClearValue(mUi->minutesSpin->value());
  QPushButton* train = mUi->buttons->addButton(tr("Train"), QDialogButtonBox::ButtonRole::ActionRole);
  train->setObjectName(QStringLiteral("trainButton"));
  train->setDefault(true);
  QPushButton* cancel = mUi->buttons->addButton(tr("Cancel Training"), QDialogButtonBox::ButtonRole::ActionRole);
  cancel->setObjectName(QStringLiteral("cancelButton"));

  connect(train, &QPushButton::clicked, this, &TrainDialog::start);
  connect(cancel, &QPushButton::clicked, this, &TrainDialog::cancelWanted);
  connect(mUi->buttons, &QDialogButtonBox::rejected, this, &QDialog::reject);
  connect(mUi->labelsCombo, &QgsMapLayerComboBox::layerChanged, this, &TrainDialog::takeFields);
  connect(mUi->rasterCombo, &QgsMapLayerComboBox::layerChanged, this, &TrainDialog::updateParts);
  connect(mUi->fieldCombo, &QgsFieldComboBox::fieldChanged, this, &TrainDialog::updateParts);
  connect(mUi->nameEdit, &QLineEdit::textChanged, this, &TrainDialog::updateParts);
  connect(mUi->classCombo, qOverload<int>(&QComboBox::currentIndexChanged), this, &TrainDialog::updateParts);
  setClasses({});
  takeFields();
}

TrainDialog::~TrainDialog() = default;

void TrainDialog::setRaster(QgsRasterLayer* layer) {
  if (layer) mUi->rasterCombo->setLayer(layer);
}

void TrainDialog::setLabels(QgsVectorLayer* layer) {
  if (layer) mUi->labelsCombo->setLayer(layer);
}

void TrainDialog::setClasses(const QStringList& names) {
  const QSignalBlocker blocker(mUi->classCombo);
  const QString chosen = mUi->classCombo->currentData().toString();
  mUi->classCombo->clear();
  mUi->classCombo->addItem(tr("As the label field says"), QString());
  for (const QString& name : names) mUi->classCombo->addItem(name, name);
  mUi->classCombo->setCurrentIndex(qMax(0, mUi->classCombo->findData(chosen)));
  updateParts();
}

void TrainDialog::setTakenNames(const QStringList& names) {
  mTaken = names;
  updateParts();
}

// Fields are guessed by the names that detections and their reviews have.
void TrainDialog::takeFields() {
  QgsMapLayer* layer = mUi->labelsCombo->currentLayer();
  for (QgsFieldComboBox* combo : {mUi->fieldCombo, mUi->statusCombo}) combo->setLayer(layer);
  auto* labels = qobject_cast<QgsVectorLayer*>(layer);
  const auto guess = [labels](const QStringList& names) {
    for (const QString& name : names) {
      if (labels && labels->fields().lookupField(name) >= 0)
        return labels->fields().at(labels->fields().lookupField(name)).name();
    }
    return QString();
  };
  mUi->fieldCombo->setField(guess({QStringLiteral("label"), QStringLiteral("class")}));
  mUi->statusCombo->setField(guess({QStringLiteral("review")}));
  mUi->selectedCheck->setChecked(labels && labels->selectedFeatureCount() > 0);
  updateParts();
}

TrainingWishes TrainDialog::wishes() const {
  TrainingWishes wishes;
  wishes.raster = qobject_cast<QgsRasterLayer*>(mUi->rasterCombo->currentLayer());
  wishes.labels = qobject_cast<QgsVectorLayer*>(mUi->labelsCombo->currentLayer());
  wishes.labelField = mUi->fieldCombo->currentField();
  wishes.asClass = mUi->classCombo->currentData().toString();
  wishes.statusField = mUi->statusCombo->currentField();
  wishes.selectedOnly = mUi->selectedCheck->isChecked();
  wishes.heldOut = mUi->heldOutSpin->value() / 100.0;
  wishes.minutes = mUi->minutesSpin->value();
  wishes.name = mUi->nameEdit->text().simplified();
  return wishes;
}

QString TrainDialog::whatIsMissing() const {
  const TrainingWishes wanted = wishes();
  if (!wanted.raster) return tr("Choose the raster to learn on.");
  if (wanted.raster->providerType() != QLatin1String("gdal"))
    return tr("The raster must be a file; this one is drawn by a service.");
  if (!wanted.labels) return tr("Choose the polygons to learn from.");
  if (wanted.labelField.isEmpty() && wanted.asClass.isEmpty()) return tr("Choose a label field or a class.");
  if (wanted.name.isEmpty()) return tr("Give the expert a name.");
  if (!isFolderName(wanted.name)) return tr("The name may hold letters, digits, blanks, dots and dashes.");
  if (mTaken.contains(wanted.name)) return tr("There is an expert of this name already.");
  return {};
}

void TrainDialog::start() {
  if (!mBusy && whatIsMissing().isEmpty()) Q_EMIT trainWanted();
}

void TrainDialog::setBusy(bool busy) {
  mBusy = busy;
  updateParts();
}

void TrainDialog::showProgress(double fraction, const QString& text) {
  mUi->progressBar->setMaximum(fraction < 0 ? 0 : 1000);
  if (fraction >= 0) mUi->progressBar->setValue(int(fraction * 1000));
  say(text);
}

void TrainDialog::showState(const QString& text) {
  say(text);
}

void TrainDialog::say(const QString& text) {
  mUi->stateLabel->setText(text);
  // A dialog does not grow with its words by itself.
  layout()->activate();
  const int needed = layout()->totalHeightForWidth(width());
  if (needed > height()) resize(width(), needed);
}

void TrainDialog::updateParts() {
  const QString missing = whatIsMissing();
  const auto* labels = qobject_cast<QgsVectorLayer*>(mUi->labelsCombo->currentLayer());
  mUi->selectedCheck->setEnabled(labels && labels->selectedFeatureCount() > 0);
  mUi->formPart->setEnabled(!mBusy);
  auto* train = mUi->buttons->findChild<QPushButton*>(QStringLiteral("trainButton"));
  train->setVisible(!mBusy);
  train->setEnabled(missing.isEmpty());
  train->setToolTip(missing);
  mUi->buttons->findChild<QPushButton*>(QStringLiteral("cancelButton"))->setVisible(mBusy);
  mUi->progressBar->setVisible(mBusy);
  if (!mBusy) say(missing);
}

}  // namespace orthoscribe::ui
