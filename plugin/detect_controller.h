// SPDX-License-Identifier: GPL-2.0-or-later
// Between the Detect dock and the job that finds objects: the layer that grows on the map, its threshold and its export.
#pragma once

#include <qgsfeatureid.h>

#include <QObject>
#include <QPointer>
#include <QTimer>
#include <memory>
#include <optional>
#include <vector>

#include "core/base/progress.h"
#include "core/geo/layer_writer.h"
#include "core/tasks/detect.h"
#include "plugin/raster_request.h"
#include "plugin/rectangle_picker.h"
#include "ui/detect_dock.h"

class QgisInterface;
class QgsVectorLayer;

namespace orthoscribe::plugin {

class DetectJob;
class EngineProcess;

class DetectController : public QObject {
  Q_OBJECT

 public:
  DetectController(QgisInterface& iface, EngineProcess& engine, ui::DetectDock& dock);
  // Cancels what is under way; the layer stays in the project.
  ~DetectController() override;

  void cancel();

 private:
  // What is known of the run whose boxes the dock shows.
  struct Run {
    QStringList classes;
    QString rasterName;
    QString rasterLayerId;
    QPointer<QgsVectorLayer> layer;
    std::vector<QgsFeatureId> features;  // by order of finding
    qint64 superseded = 0;
    std::unique_ptr<RemainingTime> remaining;
    geo::Provenance provenance;
    bool georeferenced = true;
    QString crsWkt;
    QString file;
    bool scored = false;
    bool failed = false;
  };

  void detect();
  void start(const RasterRequest& request, const QStringList& labels, DetectJob* job);
  void showProgress(qint64 done, qint64 total);
  void takeFound();
  void ensureLayer();
  void end(DetectJob* job);
  void adoptFile();
  QString endText(const DetectJob& job) const;
  QString keptText() const;
  QString countText() const;
  qint64 boxCount() const { return qint64(mRun.features.size()) - mRun.superseded; }
  void applyConfidence(double confidence);
  void exportBeside();
  void exportAs();
  void exportTo(const QString& path);
  void refuse(const QString& text);

  QgisInterface& mIface;
  EngineProcess& mEngine;
  ui::DetectDock& mDock;
  RectanglePicker mPicker;
  QTimer mFoundTimer;
  QPointer<DetectJob> mJob;
  Run mRun;
};

}  // namespace orthoscribe::plugin
