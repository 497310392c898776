// SPDX-License-Identifier: GPL-2.0-or-later
// Between the Ask dock and the jobs that answer: starts them, streams their words, remembers places.
#pragma once

#include <qgscoordinatereferencesystem.h>
#include <qgsrectangle.h>

#include <QObject>
#include <QPointer>
#include <map>

#include "plugin/rectangle_picker.h"
#include "ui/ask_dock.h"

class QgisInterface;
class QgsRasterLayer;

namespace orthoscribe::plugin {

class EngineProcess;
class LookJob;
class RasterRequest;

class AskController : public QObject {
  Q_OBJECT

 public:
  AskController(QgisInterface& iface, EngineProcess& engine, ui::AskDock& dock);
  // Cancels what is under way.
  ~AskController() override;

  // Describes the whole layer into its notes.
  void describeLayer(QgsRasterLayer& layer);
  // Describes what the canvas shows, in the dock only.
  void describeView();
  void stop();

 private:
  struct Place {
    QgsRectangle bounds;
    QgsCoordinateReferenceSystem crs;
  };

  void ask(const QString& question);
  void describeChosen();
  // layerToNote: id of the layer whose notes get the answer; may be empty.
  void run(LookJob* job, const QString& question, const QString& place, const RasterRequest& request, const QString& layerToNote);
  void end(LookJob* job, int entry, const QString& layerToNote);
  void note(const QString& layerId, const QString& answer, const QString& model);
  void goTo(int entry);
  void refuse(const std::exception& error);

  QgisInterface& mIface;
  EngineProcess& mEngine;
  ui::AskDock& mDock;
  RectanglePicker mPicker;
  std::map<int, Place> mPlaces;
  QList<QPointer<LookJob>> mJobs;
};

}  // namespace orthoscribe::plugin
