// SPDX-License-Identifier: GPL-2.0-or-later
// The dock that finds objects: what, where, how; the progress; and what can be done with the boxes afterwards.
#pragma once

#include <qgsdockwidget.h>

#include <QStringList>
#include <memory>
#include <optional>

#include "ui/area_chooser.h"
#include "ui/engine_status_bar.h"
#include "ui/expert_combo.h"

class QgsMapLayer;

namespace Ui {
class DetectDock;
}

namespace orthoscribe::ui {

class DetectDock : public QgsDockWidget {
  Q_OBJECT

 public:
  explicit DetectDock(QWidget* parent = nullptr);
  ~DetectDock() override;

  // What to find by description; empty when kinds of objects are meant.
  QString phrase() const;
  QStringList classes() const;
  void setClasses(const QStringList& classes);
  void setSuggestions(const QStringList& names);
  // Null: the map as drawn.
  QgsMapLayer* layer() const;
  void setLayer(QgsMapLayer* layer);
  // Metres a pixel; absent: what suits the model; 0: the layer's own.
  std::optional<double> resolutionM() const;
  double overlap() const;  // share of a tile's side, 0 <= overlap < 1
  AreaChooser* areaChooser() const;
  EngineStatusBar* engineStatus() const;
  ExpertCombo* experts() const;
  void focusClasses();

  void setBusy(bool busy);
  // fraction: 0..1, below 0 while it is unknown.
  void showProgress(double fraction, const QString& text);
  // offerAgain: with a button that starts the same search again.
  void showState(const QString& text, bool offerAgain);
  // Lets the result part appear, with the threshold at zero if `fresh`; scored: whether there is a confidence to filter by;
  // detail: a tooltip, kept as it is when empty.
  void showResult(const QString& text, bool scored, bool fresh, const QString& detail = {});
  void hideResult();
  double confidence() const;  // 0..1

 Q_SIGNALS:
  void detectWanted();
  void cancelWanted();
  void againWanted();
  void confidenceChanged(double confidence);
  void exportWanted();    // a shapefile at the place that suggests itself
  void exportAsWanted();  // the user wants to choose format and place

 private:
  bool byDescription() const;
  void updateParts();
  void start();

  std::unique_ptr<Ui::DetectDock> mUi;
  bool mBusy = false;
};

}  // namespace orthoscribe::ui
