// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/detect_controller.h"

#include <qgisinterface.h>
#include <qgsapplication.h>
#include <qgsdataprovider.h>
#include <qgsfeatureiterator.h>
#include <qgsmapcanvas.h>
#include <qgsmessagebar.h>
#include <qgsproject.h>
#include <qgstaskmanager.h>
#include <qgsvariantutils.h>
#include <qgsvectordataprovider.h>
#include <qgsvectorlayer.h>

#include <QDir>
#include <QFileDialog>
#include <QFileInfo>
#include <QUrl>

#include "plugin/area_request.h"
#include "plugin/detect_job.h"
#include "plugin/detection_layer.h"
#include "plugin/engine_process.h"
#include "plugin/ground_job.h"
#include "plugin/messages.h"
#include "plugin/result_files.h"
#include "plugin/settings.h"

namespace orthoscribe::plugin {
namespace {

// Often enough to look alive, seldom enough that redrawing the map does not slow the work.
constexpr int kFoundIntervalMs = 400;
const QString kSkipMemoryLayersCheck = QStringLiteral("skipMemoryLayersCheck");

}  // namespace

DetectController::DetectController(QgisInterface& iface, EngineProcess& engine, ui::DetectDock& dock)
    : mIface(iface), mEngine(engine), mDock(dock), mPicker(*iface.mapCanvas()) {
  connectPicker(*dock.areaChooser(), mPicker);
  dock.setClasses(loadLastClasses());
  connect(&dock, &ui::DetectDock::detectWanted, this, &DetectController::detect);
  connect(&dock, &ui::DetectDock::againWanted, this, &DetectController::detect);
  connect(&dock, &ui::DetectDock::cancelWanted, this, &DetectController::cancel);
  connect(&dock, &ui::DetectDock::confidenceChanged, this, &DetectController::applyConfidence);
  connect(&dock, &ui::DetectDock::exportWanted, this, &DetectController::exportBeside);
  connect(&dock, &ui::DetectDock::exportAsWanted, this, &DetectController::exportAs);
  // The connection may be seen to break before the process is seen to end.
  connect(&engine, &EngineProcess::crashed, this, [this](const QString& reason) {
    if (mRun.failed) mDock.showState(asSentence(reason) + keptText(), true);
  });
  mFoundTimer.setInterval(kFoundIntervalMs);
  connect(&mFoundTimer, &QTimer::timeout, this, &DetectController::takeFound);
  // Boxes of a project that is gone have nowhere to grow.
  connect(QgsProject::instance(), &QgsProject::aboutToBeCleared, this, [this] {
    cancel();
    mDock.hideResult();
  });
}

DetectController::~DetectController() {
  if (!mJob) return;
  mJob->disconnect(this);
  mJob->cancel();
}

void DetectController::cancel() {
  if (mJob) mJob->cancel();
}

void DetectController::refuse(const QString& text) {
  mDock.showState(asSentence(text), false);
  mIface.messageBar()->pushMessage(mDock.windowTitle(), asSentence(text), Qgis::MessageLevel::Warning);
}

void DetectController::detect() {
  if (mJob) return;
  try {
    const RasterRequest request = requestOf(mDock.layer(), *mIface.mapCanvas(), *mDock.areaChooser(), mPicker);
    const QString file = freeResultFile(resultFolder(), request.name(), QStringLiteral("gpkg"));
    const QString phrase = mDock.phrase();
    if (!phrase.isEmpty()) {
      start(request, {phrase}, new GroundJob(mEngine.gate(), request, phrase, file));
      // One look has no tiles to count.
      connect(mJob, &ModelJob::modelReady, this, [this] { mDock.showProgress(-1.0, tr("The model looks at the area")); });
      return;
    }
    tasks::DetectOptions options;
    const QStringList names = mDock.classes();
    for (const QString& name : names) options.classes.push_back(name.toStdString());
    options.gsdM = mDock.resolutionM();
    options.overlap = mDock.overlap();
    saveLastClasses(names);
    start(request, names, new DetectJob(mEngine.gate(), request, options, file));
  } catch (const std::exception& error) {
    refuse(QString::fromUtf8(error.what()));
  }
}

void DetectController::start(const RasterRequest& request, const QStringList& labels, DetectJob* job) {
  mRun = {};
  mRun.classes = labels;
  mRun.rasterName = request.name();
  mRun.rasterLayerId = request.layerId();
  mRun.crsWkt = request.crs().isValid() ? request.crs().toWkt(Qgis::CrsWktVariant::Preferred) : QString();
  mJob = job;
  job->setExpert(mDock.experts()->expert());
  connect(job, &ModelJob::modelReady, this, [this] { mRun.remaining = std::make_unique<RemainingTime>(); });
  connect(job, &DetectJob::progressed, this, &DetectController::showProgress);
  connect(job, &ModelJob::ended, this, [this, job] { end(job); });
  mDock.hideResult();
  mDock.setBusy(true);
  mDock.showProgress(-1.0, tr("Waiting for the engine"));
  mFoundTimer.start();
  QgsApplication::taskManager()->addTask(job);
}

void DetectController::showProgress(qint64 done, qint64 total) {
  if (!mJob || mJob->wasCancelled()) return;
  QString text = tr("Tile %L1 of %L2").arg(done).arg(total);
  if (mRun.remaining) {
    const auto left = mRun.remaining->estimate({.done = done, .total = total, .unit = {}, .note = {}});
    if (left && done < total) text += QStringLiteral(", ") + tr("%1 left").arg(QString::fromStdString(durationText(*left)));
  }
  text += QStringLiteral(", ") + tr("%Ln box(es)", nullptr, int(boxCount()));
  mDock.showProgress(total > 0 ? double(done) / double(total) : -1.0, text);
}

void DetectController::ensureLayer() {
  if (mRun.layer || !mRun.features.empty()) return;  // one that the user removed is not made again
  std::unique_ptr<QgsVectorLayer> layer = makeDetectionLayer(tr("%1 detections").arg(mRun.rasterName),
                                                             QgsCoordinateReferenceSystem::fromWkt(mRun.crsWkt), mRun.classes);
  mRun.layer = layer.get();
  // QGIS need not warn of losing it: the job writes the file whatever ends the run.
  layer->setCustomProperty(kSkipMemoryLayersCheck, 1);
  connect(layer.get(), &QgsMapLayer::willBeDeleted, this, &DetectController::cancel);
  addAbove(std::move(layer), mRun.rasterLayerId);
}

void DetectController::takeFound() {
  if (!mJob) return;
  FoundBoxes found = mJob->takeFound();
  if (found.features.isEmpty() && found.superseded.empty()) return;
  ensureLayer();
  mRun.superseded += qint64(found.superseded.size());
  if (!mRun.layer) {
    mRun.features.resize(mRun.features.size() + std::size_t(found.features.size()));
    return;
  }
  for (const QgsFeature& feature : std::as_const(found.features)) {
    mRun.scored = mRun.scored || !QgsVariantUtils::isNull(feature.attribute(QStringLiteral("score")));
  }
  QgsVectorDataProvider* provider = mRun.layer->dataProvider();
  provider->addFeatures(found.features);
  for (const QgsFeature& feature : std::as_const(found.features)) mRun.features.push_back(feature.id());
  QgsFeatureIds gone;
  for (const std::size_t index : found.superseded) {
    if (index < mRun.features.size()) gone.insert(mRun.features[index]);
  }
  if (!gone.isEmpty()) provider->deleteFeatures(gone);
  mRun.layer->updateExtents();
  mRun.layer->triggerRepaint();
}

QString DetectController::countText() const {
  return tr("%Ln box(es) found", nullptr, int(boxCount()));
}

QString DetectController::keptText() const {
  return boxCount() > 0 ? QLatin1Char(' ') + tr("What was found until then is kept.") : QString();
}

QString DetectController::endText(const DetectJob& job) const {
  QString text;
  if (!job.failure().isEmpty()) {
    // Of a broken connection the cause is told rather than the symptom.
    text = mEngine.status().state == EngineState::Failed ? asSentence(mEngine.status().reason) : job.failure();
    text += keptText();
  } else {
    text = job.wasCancelled() ? tr("Cancelled; what was found is kept.") : tr("Done.");
  }
  if (!job.warnings().isEmpty()) text += QLatin1Char(' ') + asSentence(job.warnings().join(QStringLiteral("; ")));
  if (!job.writeProblem().isEmpty()) text += QLatin1Char(' ') + asSentence(job.writeProblem());
  return text;
}

void DetectController::end(DetectJob* job) {
  takeFound();
  mFoundTimer.stop();
  mJob.clear();
  mRun.provenance = job->provenance();
  mRun.georeferenced = job->georeferenced();
  mRun.crsWkt = job->crsWkt();
  mRun.file = job->writtenFile();
  mRun.failed = !job->failure().isEmpty();
  if (mRun.layer) disconnect(mRun.layer, &QgsMapLayer::willBeDeleted, this, nullptr);
  adoptFile();
  mDock.setBusy(false);
  mDock.showState(endText(*job), !job->failure().isEmpty());
  if (mRun.layer) {
    mDock.showResult(mRun.file.isEmpty() ? countText() : tr("%1, kept in %2").arg(countText(), QFileInfo(mRun.file).fileName()),
                     mRun.scored, true, QDir::toNativeSeparators(mRun.file));
  } else if (job->failure().isEmpty() && !job->wasCancelled()) {
    mDock.showState(tr("Nothing was found.") +
                        (job->warnings().isEmpty() ? QString() : QLatin1Char(' ') + job->warnings().join(QLatin1Char(' '))),
                    false);
  }
  if (mRun.failed) {
    mIface.messageBar()->pushMessage(mDock.windowTitle(), endText(*job), Qgis::MessageLevel::Warning);
  } else if (!job->wasCancelled() && mRun.layer) {
    mIface.messageBar()->pushMessage(mDock.windowTitle(), countText(), Qgis::MessageLevel::Success);
  }
}

// From now on the layer is the file, so that it outlives the session.
void DetectController::adoptFile() {
  if (!mRun.layer) return;
  mRun.layer->setMetadata(detectionMetadata(mRun.provenance));
  if (mRun.file.isEmpty()) mRun.layer->removeCustomProperty(kSkipMemoryLayersCheck);
  // Positions in a raster without georeference are shown turned over; the file has them as they are.
  if (mRun.file.isEmpty() || !mRun.georeferenced || mRun.layer->isEditable()) return;
  const QString name = mRun.layer->name();
  const QgsLayerMetadata metadata = mRun.layer->metadata();
  mRun.layer->setDataSource(mRun.file, name, QStringLiteral("ogr"), QgsDataProvider::ProviderOptions(), false);
  mRun.layer->setMetadata(metadata);
  mRun.layer->triggerRepaint();
}

void DetectController::applyConfidence(double confidence) {
  if (!mRun.layer) return;
  setLowestScore(*mRun.layer, confidence);
  const qint64 shown = mRun.layer->featureCount();
  const QString text = confidence > 0 ? tr("%L1 of %L2 boxes shown").arg(shown).arg(boxCount()) : countText();
  mDock.showResult(text, mRun.scored, false);
}

void DetectController::exportBeside() {
  const QString folder = mRun.file.isEmpty() ? resultFolder() : QFileInfo(mRun.file).absolutePath();
  exportTo(freeResultFile(folder, mRun.rasterName, QStringLiteral("shp")));
}

void DetectController::exportAs() {
  const QString folder = mRun.file.isEmpty() ? resultFolder() : QFileInfo(mRun.file).absolutePath();
  const QString filters = tr("Shapefile (*.shp)") + QStringLiteral(";;") + tr("GeoPackage (*.gpkg)") + QStringLiteral(";;") +
                          tr("GeoJSON (*.geojson)") + QStringLiteral(";;") + tr("FlatGeobuf (*.fgb)");
  QString filter;
  QString path = QFileDialog::getSaveFileName(mIface.mainWindow(), tr("Export Boxes"),
                                              freeResultFile(folder, mRun.rasterName, QStringLiteral("shp")), filters, &filter);
  if (path.isEmpty()) return;
  if (QFileInfo(path).suffix().isEmpty()) path += filter.mid(filter.lastIndexOf(QLatin1Char('.'))).chopped(1);
  exportTo(path);
}

void DetectController::exportTo(const QString& path) {
  if (!mRun.layer) {
    refuse(tr("there is no layer to export any more"));
    return;
  }
  std::vector<geo::Detection> shown;
  QgsFeature feature;
  for (QgsFeatureIterator features = mRun.layer->getFeatures(); features.nextFeature(feature);) {
    if (feature.hasGeometry()) shown.push_back(detectionOf(feature, mRun.georeferenced));
  }
  try {
    const geo::WrittenLayer written =
        geo::writeDetections(path.toStdString(), shown, mRun.crsWkt.toStdString(), mRun.georeferenced, mRun.provenance);
    const QString place = QString::fromStdString(written.path.string());
    const QString folder = QUrl::fromLocalFile(QFileInfo(place).absolutePath()).toString();
    QString text =
        tr("%Ln box(es) in <a href=\"%1\">%2</a>", nullptr, int(shown.size())).arg(folder, QDir::toNativeSeparators(place));
    if (written.elsewhere) text = asSentence(QString::fromStdString(written.reason)).toHtmlEscaped() + QLatin1Char(' ') + text;
    mIface.messageBar()->pushMessage(tr("Exported"), text,
                                     written.elsewhere ? Qgis::MessageLevel::Warning : Qgis::MessageLevel::Success, 0);
  } catch (const std::exception& error) {
    refuse(QString::fromUtf8(error.what()));
  }
}

}  // namespace orthoscribe::plugin
