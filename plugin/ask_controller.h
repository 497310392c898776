// SPDX-License-Identifier: GPL-2.0-or-later
// Between the Ask dock and the jobs that answer: starts them, streams their words, remembers places.
#pragma once

#include <qgscoordinatereferencesystem.h>
#include <qgsrectangle.h>

#include <QObject>
#include <QPointer>
#include <map>
#include <optional>

#include "plugin/place_marks.h"
#include "plugin/raster_request.h"
#include "plugin/rectangle_picker.h"
#include "ui/ask_dock.h"

class QgisInterface;
class QgsRasterLayer;

namespace orthoscribe::plugin {

class EngineProcess;
class LookJob;

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
  using Place = PlaceMarks::Place;

  void ask(const QString& question);
  void describeChosen();
  void classify(const QStringList& names);
  // The earlier date, if one is chosen, over the ground of the request.
  std::optional<RasterRequest> earlierRequest(const RasterRequest& request) const;
  // layerToNote: id of the layer whose notes get the answer; may be empty.
  void run(LookJob* job, const QString& question, const QString& place, const RasterRequest& request, const QString& layerToNote);
  void end(LookJob* job, int entry, const QString& layerToNote);
  void note(const QString& layerId, const QString& answer, const QString& model);
  void markStep(int entry, const QPolygonF& outline);
  void goTo(const Place& place);
  void refuse(const std::exception& error);

  QgisInterface& mIface;
  EngineProcess& mEngine;
  ui::AskDock& mDock;
  RectanglePicker mPicker;
  PlaceMarks mMarks;
  std::map<int, Place> mPlaces;
  QList<QPointer<LookJob>> mJobs;
};

}  // namespace orthoscribe::plugin
