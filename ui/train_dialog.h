// SPDX-License-Identifier: GPL-2.0-or-later
// Asks what an expert shall learn from, and shows how far the training has come.
#pragma once

#include <QDialog>
#include <QStringList>
#include <memory>

class QgsRasterLayer;
class QgsVectorLayer;

namespace Ui {
class TrainDialog;
}

namespace orthoscribe::ui {

struct TrainingWishes {
  QgsRasterLayer* raster = nullptr;
  QgsVectorLayer* labels = nullptr;
  QString labelField;   // empty: `label` for all
  QString label;        // of all polygons, or of those whose field is empty
  QString asClass;      // class of the model that stands for all labels; empty: the labels are classes themselves
  QString statusField;  // empty: none
  bool selectedOnly = false;
  double heldOut = 0.2;  // share of the labelled area
  int minutes = 10;
  QString name;  // of the expert, a valid folder name
};

class TrainDialog : public QDialog {
  Q_OBJECT

 public:
  explicit TrainDialog(QWidget* parent = nullptr);
  ~TrainDialog() override;

  void setRaster(QgsRasterLayer* layer);
  void setLabels(QgsVectorLayer* layer);
  // Names of the model's classes.
  void setClasses(const QStringList& names);
  // Names that are taken.
  void setTakenNames(const QStringList& names);
  TrainingWishes wishes() const;

  // While busy the form is locked and Cancel ends the training; the dialog may be closed meanwhile.
  void setBusy(bool busy);
  // fraction: 0..1, below 0 while it is unknown.
  void showProgress(double fraction, const QString& text);
  void showState(const QString& text);

 Q_SIGNALS:
  void trainWanted();
  void cancelWanted();

 private:
  void takeFields();
  void say(const QString& text);
  void updateParts();
  void start();
  QString whatIsMissing() const;

  std::unique_ptr<Ui::TrainDialog> mUi;
  QStringList mTaken;
  bool mBusy = false;
};

}  // namespace orthoscribe::ui
