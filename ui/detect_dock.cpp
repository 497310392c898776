// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/detect_dock.h"

#include <qgis.h>
#include <qgsapplication.h>
#include <qgsfilterlineedit.h>
#include <qgsmaplayer.h>

#include <QLocale>
#include <QMenu>
#include <QScrollArea>
#include <QStyle>

#include "ui_detect_dock.h"

namespace orthoscribe::ui {
namespace {

enum class Resolution { Model, Layer, Other };
enum class Mode { Kinds, Description };

}  // namespace

DetectDock::DetectDock(QWidget* parent) : QgsDockWidget(parent), mUi(std::make_unique<Ui::DetectDock>()) {
  setObjectName(QStringLiteral("OrthoscribeDetectDock"));
  setWindowTitle(tr("Detect Objects"));
  // On small screens the lower parts are scrolled to rather than squeezed.
  auto* scroll = new QScrollArea(this);
  auto* contents = new QWidget(scroll);
  mUi->setupUi(contents);
  scroll->setWidget(contents);
  scroll->setWidgetResizable(true);
  scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarPolicy::ScrollBarAlwaysOff);
  scroll->setMinimumWidth(contents->minimumSizeHint().width() + style()->pixelMetric(QStyle::PixelMetric::PM_ScrollBarExtent));
  scroll->setFrameShape(QFrame::Shape::NoFrame);
  setWidget(scroll);
  mUi->modeCombo->addItem(tr("Objects by their kind"), int(Mode::Kinds));
  mUi->modeCombo->addItem(tr("What a phrase describes"), int(Mode::Description));
  connect(mUi->modeCombo, qOverload<int>(&QComboBox::currentIndexChanged), this, &DetectDock::updateParts);
  connect(mUi->phraseEdit, &QLineEdit::textChanged, this, &DetectDock::updateParts);
  connect(mUi->phraseEdit, &QLineEdit::returnPressed, this, &DetectDock::start);
  mUi->layerCombo->setFilters(Qgis::LayerFilter::RasterLayer);
  mUi->layerCombo->setAllowEmptyLayer(true, tr("Map as drawn"));
  mUi->areaChooser->setPolygonsOffered(true);
  mUi->resolutionCombo->addItem(tr("What suits the model"), int(Resolution::Model));
  mUi->resolutionCombo->addItem(tr("As in the layer"), int(Resolution::Layer));
  mUi->resolutionCombo->addItem(tr("Other"), int(Resolution::Other));
  mUi->overlapSpin->setClearValue(mUi->overlapSpin->value());
  mUi->resolutionSpin->setClearValue(mUi->resolutionSpin->value());
  mUi->exportButton->setIcon(QgsApplication::getThemeIcon(QStringLiteral("/mActionFileSave.svg")));
  auto* exportMenu = new QMenu(mUi->exportButton);
  connect(exportMenu->addAction(tr("Export As\u2026")), &QAction::triggered, this, &DetectDock::exportAsWanted);
  mUi->exportButton->setMenu(exportMenu);
  mUi->againButton->hide();
  mUi->resultBox->hide();

  connect(mUi->classesChooser, &ClassesEdit::classesChanged, this, &DetectDock::updateParts);
  connect(mUi->classesChooser, &ClassesEdit::submitted, this, &DetectDock::start);
  connect(mUi->resolutionCombo, qOverload<int>(&QComboBox::currentIndexChanged), this, &DetectDock::updateParts);
  connect(mUi->layerCombo, &QgsMapLayerComboBox::layerChanged, this, &DetectDock::updateParts);
  connect(mUi->startButton, &QPushButton::clicked, this, &DetectDock::start);
  connect(mUi->cancelButton, &QPushButton::clicked, this, &DetectDock::cancelWanted);
  connect(mUi->againButton, &QPushButton::clicked, this, &DetectDock::againWanted);
  connect(mUi->exportButton, &QToolButton::clicked, this, &DetectDock::exportWanted);
  connect(mUi->confidenceSlider, &QSlider::valueChanged, this, [this] {
    updateParts();
    Q_EMIT confidenceChanged(confidence());
  });
  updateParts();
}

DetectDock::~DetectDock() = default;

bool DetectDock::byDescription() const {
  return Mode(mUi->modeCombo->currentData().toInt()) == Mode::Description;
}

QString DetectDock::phrase() const {
  return byDescription() ? mUi->phraseEdit->text().simplified() : QString();
}

QStringList DetectDock::classes() const {
  return mUi->classesChooser->classes();
}

void DetectDock::setClasses(const QStringList& classes) {
  mUi->classesChooser->setClasses(classes);
}

void DetectDock::setSuggestions(const QStringList& names) {
  mUi->classesChooser->setSuggestions(names);
}

QgsMapLayer* DetectDock::layer() const {
  return mUi->layerCombo->currentLayer();
}

void DetectDock::setLayer(QgsMapLayer* layer) {
  mUi->layerCombo->setLayer(layer);
}

std::optional<double> DetectDock::resolutionM() const {
  switch (Resolution(mUi->resolutionCombo->currentData().toInt())) {
    case Resolution::Model:
      return std::nullopt;
    case Resolution::Layer:
      return 0.0;
    case Resolution::Other:
      break;
  }
  return mUi->resolutionSpin->value();
}

double DetectDock::overlap() const {
  return mUi->overlapSpin->value() / 100.0;
}

AreaChooser* DetectDock::areaChooser() const {
  return mUi->areaChooser;
}

ExpertCombo* DetectDock::experts() const {
  return mUi->expertCombo;
}

EngineStatusBar* DetectDock::engineStatus() const {
  return mUi->engineStatus;
}

void DetectDock::focusClasses() {
  mUi->classesChooser->setFocus(Qt::FocusReason::OtherFocusReason);
}

void DetectDock::start() {
  if (!mBusy && mUi->startButton->isEnabled()) Q_EMIT detectWanted();
}

void DetectDock::setBusy(bool busy) {
  mBusy = busy;
  updateParts();
}

void DetectDock::showProgress(double fraction, const QString& text) {
  mUi->progressBar->setMaximum(fraction < 0 ? 0 : 1000);
  if (fraction >= 0) mUi->progressBar->setValue(int(fraction * 1000));
  mUi->stateLabel->setText(text);
  mUi->againButton->hide();
}

void DetectDock::showState(const QString& text, bool offerAgain) {
  mUi->stateLabel->setText(text);
  mUi->againButton->setVisible(offerAgain);
}

void DetectDock::showResult(const QString& text, bool scored, bool fresh, const QString& detail) {
  if (fresh) {
    const QSignalBlocker blocker(mUi->confidenceSlider);
    mUi->confidenceSlider->setValue(0);
  }
  mUi->resultLabel->setText(text);
  if (!detail.isEmpty()) mUi->resultLabel->setToolTip(detail);
  mUi->confidenceSlider->setEnabled(scored);
  mUi->resultBox->show();
  updateParts();
}

void DetectDock::hideResult() {
  mUi->resultBox->hide();
}

double DetectDock::confidence() const {
  return mUi->confidenceSlider->value() / 100.0;
}

void DetectDock::updateParts() {
  mUi->startButton->setVisible(!mBusy);
  const bool described = byDescription();
  mUi->startButton->setEnabled(described ? !phrase().isEmpty() : !classes().isEmpty());
  mUi->phraseLabel->setVisible(described);
  mUi->phraseEdit->setVisible(described);
  mUi->classesLabel->setVisible(!described);
  mUi->classesChooser->setVisible(!described);
  mUi->advancedBox->setVisible(!described);
  mUi->cancelButton->setVisible(mBusy);
  mUi->progressBar->setVisible(mBusy);
  mUi->exportButton->setEnabled(!mBusy);
  mUi->areaChooser->setLayerOffered(layer() != nullptr);
  mUi->resolutionSpin->setVisible(Resolution(mUi->resolutionCombo->currentData().toInt()) == Resolution::Other);
  mUi->confidenceValue->setText(QLocale().toString(confidence(), 'f', 2));
}

}  // namespace orthoscribe::ui
