// SPDX-License-Identifier: GPL-2.0-or-later
// The dock for questions about the map: what to look at, the conversation so far, and the line to ask in.
#pragma once

#include <qgsdockwidget.h>

#include <QList>
#include <QPair>
#include <QStringList>
#include <memory>
#include <vector>

#include "ui/area_chooser.h"
#include "ui/engine_status_bar.h"
#include "ui/expert_combo.h"

class QgsMapLayer;
class QImage;

namespace Ui {
class AskDock;
}

namespace orthoscribe::ui {

class ConversationEntry;

class AskDock : public QgsDockWidget {
  Q_OBJECT

 public:
  explicit AskDock(QWidget* parent = nullptr);
  ~AskDock() override;

  // Null: the map as drawn.
  QgsMapLayer* layer() const;
  void setLayer(QgsMapLayer* layer);
  // The earlier date to compare with; null: none.
  QgsMapLayer* earlierLayer() const;
  AreaChooser* areaChooser() const;
  EngineStatusBar* engineStatus() const;
  ExpertCombo* experts() const;
  // Whether descriptions are to be made aspect by aspect.
  bool byAspects() const;

  // While busy there is a Stop button instead of Ask.
  void setBusy(bool busy);
  void focusQuestion();

  // Entries are known by the number given here; unknown numbers (the conversation was cleared meanwhile) are ignored below.
  int addEntry(const QString& question, const QString& place);
  void appendAnswer(int entry, const QString& text);
  void setThumbnail(int entry, const QImage& image);
  // A part of the area that the model looked at closer; they count from 0.
  void addStep(int entry, const QString& size);
  // How much each expert of a mixture had to say, 0..1, and how evenly (ExpertChart).
  void setExpertUse(int entry, const QList<double>& shares, double evenness);
  // What the answer was made of: names and texts, folded away below it.
  void setAspects(int entry, const QList<QPair<QString, QString>>& aspects);
  void finishEntry(int entry, const QString& note);
  void failEntry(int entry, const QString& message);

 Q_SIGNALS:
  void askWanted(const QString& question);
  void describeWanted();
  // names: what is to be chosen from; empty: what the model was trained on.
  void classifyWanted(const QStringList& names);
  void stopWanted();
  void placeWanted(int entry);
  void stepWanted(int entry, int step);
  void cleared();

 private:
  void ask();
  void classify();
  void clear();
  void updateButtons();
  ConversationEntry* entryAt(int number) const;

  std::unique_ptr<Ui::AskDock> mUi;
  std::vector<std::pair<int, ConversationEntry*>> mEntries;
  int mNextEntry = 0;
  bool mBusy = false;
};

}  // namespace orthoscribe::ui
