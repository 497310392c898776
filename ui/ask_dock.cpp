// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/ask_dock.h"

#include <qgis.h>
#include <qgsmaplayer.h>

#include <QImage>
#include <QScrollBar>

#include "ui/conversation_entry.h"
#include "ui_ask_dock.h"

namespace orthoscribe::ui {

AskDock::AskDock(QWidget* parent) : QgsDockWidget(parent), mUi(std::make_unique<Ui::AskDock>()) {
  setObjectName(QStringLiteral("OrthoscribeAskDock"));
  setWindowTitle(tr("Ask the Map"));
  auto* contents = new QWidget(this);
  mUi->setupUi(contents);
  setWidget(contents);
  mUi->layerCombo->setFilters(Qgis::LayerFilter::RasterLayer);
  mUi->layerCombo->setAllowEmptyLayer(true, tr("Map as drawn"));
  mUi->earlierCombo->setFilters(Qgis::LayerFilter::RasterLayer);
  mUi->earlierCombo->setAllowEmptyLayer(true, tr("No other date"));
  mUi->earlierCombo->setCurrentIndex(0);
  mUi->stopButton->hide();

  connect(mUi->questionEdit, &QLineEdit::returnPressed, this, &AskDock::ask);
  connect(mUi->questionEdit, &QLineEdit::textChanged, this, &AskDock::updateButtons);
  connect(mUi->askButton, &QPushButton::clicked, this, &AskDock::ask);
  connect(mUi->describeButton, &QPushButton::clicked, this, &AskDock::describeWanted);
  connect(mUi->classifyButton, &QPushButton::clicked, this, &AskDock::classify);
  connect(mUi->stopButton, &QPushButton::clicked, this, &AskDock::stopWanted);
  connect(mUi->clearButton, &QPushButton::clicked, this, &AskDock::clear);
  connect(mUi->layerCombo, &QgsMapLayerComboBox::layerChanged, this,
          [this](QgsMapLayer* layer) { mUi->areaChooser->setLayerOffered(layer != nullptr); });
  // The newest words stay in sight while an answer grows.
  QScrollBar* bar = mUi->conversationArea->verticalScrollBar();
  connect(bar, &QScrollBar::rangeChanged, this, [bar](int, int maximum) { bar->setValue(maximum); });
  mUi->areaChooser->setLayerOffered(layer() != nullptr);
  updateButtons();
}

AskDock::~AskDock() = default;

QgsMapLayer* AskDock::layer() const {
  return mUi->layerCombo->currentLayer();
}

void AskDock::setLayer(QgsMapLayer* layer) {
  mUi->layerCombo->setLayer(layer);
}

QgsMapLayer* AskDock::earlierLayer() const {
  return mUi->earlierCombo->currentLayer();
}

AreaChooser* AskDock::areaChooser() const {
  return mUi->areaChooser;
}

ExpertCombo* AskDock::experts() const {
  return mUi->expertCombo;
}

EngineStatusBar* AskDock::engineStatus() const {
  return mUi->engineStatus;
}

bool AskDock::byAspects() const {
  return mUi->aspectsCheck->isChecked();
}

void AskDock::setBusy(bool busy) {
  mBusy = busy;
  updateButtons();
}

void AskDock::focusQuestion() {
  mUi->questionEdit->setFocus(Qt::FocusReason::OtherFocusReason);
  mUi->questionEdit->selectAll();
}

void AskDock::ask() {
  const QString question = mUi->questionEdit->text().trimmed();
  if (question.isEmpty() || mBusy) return;
  mUi->questionEdit->clear();
  Q_EMIT askWanted(question);
}

void AskDock::classify() {
  if (mBusy) return;
  QStringList names;
  const QStringList parts = mUi->questionEdit->text().split(QLatin1Char(','));
  for (const QString& part : parts) {
    if (!part.trimmed().isEmpty()) names.append(part.simplified());
  }
  Q_EMIT classifyWanted(names);
}

void AskDock::clear() {
  for (const auto& [number, entry] : mEntries) entry->deleteLater();
  mEntries.clear();
  mUi->emptyLabel->show();
  updateButtons();
  Q_EMIT cleared();
}

void AskDock::updateButtons() {
  mUi->askButton->setVisible(!mBusy);
  mUi->stopButton->setVisible(mBusy);
  mUi->askButton->setEnabled(!mUi->questionEdit->text().trimmed().isEmpty());
  mUi->describeButton->setEnabled(!mBusy);
  mUi->classifyButton->setEnabled(!mBusy);
  mUi->clearButton->setEnabled(!mBusy && !mEntries.empty());
}

int AskDock::addEntry(const QString& question, const QString& place) {
  const int number = mNextEntry++;
  auto* entry = new ConversationEntry(question, place, mUi->conversation);
  connect(entry, &ConversationEntry::placeWanted, this, [this, number] { Q_EMIT placeWanted(number); });
  connect(entry, &ConversationEntry::stepWanted, this, [this, number](int step) { Q_EMIT stepWanted(number, step); });
  mEntries.emplace_back(number, entry);
  mUi->emptyLabel->hide();
  mUi->conversationRows->insertWidget(mUi->conversationRows->count() - 1, entry);
  updateButtons();
  return number;
}

ConversationEntry* AskDock::entryAt(int number) const {
  for (const auto& [known, entry] : mEntries) {
    if (known == number) return entry;
  }
  return nullptr;
}

void AskDock::appendAnswer(int entry, const QString& text) {
  if (ConversationEntry* found = entryAt(entry)) found->appendAnswer(text);
}

void AskDock::setThumbnail(int entry, const QImage& image) {
  if (ConversationEntry* found = entryAt(entry)) found->setThumbnail(image);
}

void AskDock::addStep(int entry, const QString& size) {
  if (ConversationEntry* found = entryAt(entry)) found->addStep(size);
}

void AskDock::setExpertUse(int entry, const QList<double>& shares, double evenness) {
  if (ConversationEntry* found = entryAt(entry)) found->setExpertUse(shares, evenness);
}

void AskDock::setAspects(int entry, const QList<QPair<QString, QString>>& aspects) {
  if (ConversationEntry* found = entryAt(entry)) found->setAspects(aspects);
}

void AskDock::finishEntry(int entry, const QString& note) {
  if (ConversationEntry* found = entryAt(entry)) found->finish(note);
}

void AskDock::failEntry(int entry, const QString& message) {
  if (ConversationEntry* found = entryAt(entry)) found->fail(message);
}

}  // namespace orthoscribe::ui
