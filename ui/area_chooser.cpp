// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/area_chooser.h"

#include <qgis.h>
#include <qgsvectorlayer.h>

#include "ui_area_chooser.h"

namespace orthoscribe::ui {

AreaChooser::AreaChooser(QWidget* parent) : QWidget(parent), mUi(std::make_unique<Ui::AreaChooser>()) {
  mUi->setupUi(this);
  setFocusProxy(mUi->kindCombo);
  mUi->kindCombo->addItem(tr("Current view"), int(AreaKind::View));
  mUi->kindCombo->addItem(tr("Drawn rectangle"), int(AreaKind::Rectangle));
  mUi->kindCombo->addItem(tr("Whole layer"), int(AreaKind::Layer));
  mUi->polygonCombo->setFilters(Qgis::LayerFilter::PolygonLayer);
  connect(mUi->kindCombo, qOverload<int>(&QComboBox::currentIndexChanged), this, [this] {
    updateParts();
    Q_EMIT kindChanged();
  });
  connect(mUi->kindCombo, qOverload<int>(&QComboBox::activated), this, [this] {
    if (kind() == AreaKind::Rectangle && mRectangleText.isEmpty()) Q_EMIT rectangleWanted();
  });
  connect(mUi->drawButton, &QToolButton::clicked, this, &AreaChooser::rectangleWanted);
  updateParts();
}

AreaChooser::~AreaChooser() = default;

AreaKind AreaChooser::kind() const {
  return AreaKind(mUi->kindCombo->currentData().toInt());
}

void AreaChooser::setKind(AreaKind kind) {
  const int index = mUi->kindCombo->findData(int(kind));
  if (index >= 0) mUi->kindCombo->setCurrentIndex(index);
}

void AreaChooser::offer(AreaKind kind, bool offered) {
  const int index = mUi->kindCombo->findData(int(kind));
  if (offered && index < 0) {
    mUi->kindCombo->addItem(kind == AreaKind::Layer ? tr("Whole layer") : tr("Selected polygons"), int(kind));
  } else if (!offered && index >= 0) {
    mUi->kindCombo->removeItem(index);
  }
}

void AreaChooser::setLayerOffered(bool offered) {
  offer(AreaKind::Layer, offered);
}

void AreaChooser::setPolygonsOffered(bool offered) {
  offer(AreaKind::SelectedPolygons, offered);
}

QgsVectorLayer* AreaChooser::polygonLayer() const {
  return kind() == AreaKind::SelectedPolygons ? qobject_cast<QgsVectorLayer*>(mUi->polygonCombo->currentLayer()) : nullptr;
}

void AreaChooser::showRectangle(const QString& sizeText) {
  mRectangleText = sizeText;
  updateParts();
}

void AreaChooser::updateParts() {
  const AreaKind now = kind();
  mUi->drawButton->setVisible(now == AreaKind::Rectangle);
  mUi->polygonCombo->setVisible(now == AreaKind::SelectedPolygons);
  mUi->hintLabel->setVisible(now == AreaKind::Rectangle);
  mUi->hintLabel->setText(mRectangleText.isEmpty() ? tr("Drag a rectangle on the map") : mRectangleText);
}

}  // namespace orthoscribe::ui
