// SPDX-License-Identifier: GPL-2.0-or-later
// Between the dialog for training and the job that trains: writes the labels, shows the way it goes, offers the result.
#pragma once

#include <QObject>
#include <QPointer>
#include <memory>

#include "ui/train_dialog.h"

class QgisInterface;

namespace orthoscribe::plugin {

class TrainJob;

class TrainController : public QObject {
  Q_OBJECT

 public:
  explicit TrainController(QgisInterface& iface);
  // Ends what is under way.
  ~TrainController() override;

  // raster, labels: to begin with; may be null.
  void open(QgsRasterLayer* raster, QgsVectorLayer* labels);
  void setClasses(const QStringList& names);
  void cancel();

 Q_SIGNALS:
  // The user wants to work with the new expert.
  void useWanted(const QString& name);

 private:
  void train();
  void end(TrainJob* job, const QString& name);
  void offer(const QString& name, const QString& figures);

  QgisInterface& mIface;
  std::unique_ptr<ui::TrainDialog> mDialog;
  QPointer<TrainJob> mJob;
  QStringList mClasses;
};

// The child's arguments. labels: what was written for it. Throws nothing.
QStringList trainArguments(const ui::TrainingWishes& wishes, const QString& labels, const QString& model, const QString& device,
                           const QString& folder);

// Writes the layer's polygons in their CRS into a new GeoPackage at `path`. Throws Error{Io}, Error{InvalidInput} when there are
// none.
void writeLabels(const ui::TrainingWishes& wishes, const QString& path);

// "building: average precision 0.21 before, 0.34 now (58 objects)", a sentence a class.
QString figuresText(const QJsonObject& result);

}  // namespace orthoscribe::plugin
