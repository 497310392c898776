// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/ask_controller.h"

#include <qgisinterface.h>
#include <qgsapplication.h>
#include <qgscoordinatetransform.h>
#include <qgsmapcanvas.h>
#include <qgsmessagebar.h>
#include <qgsproject.h>
#include <qgsrasterlayer.h>
#include <qgstaskmanager.h>

#include "plugin/area_request.h"
#include "plugin/ask_job.h"
#include "plugin/describe_job.h"
#include "plugin/engine_process.h"
#include "plugin/layer_description.h"
#include "plugin/messages.h"

namespace orthoscribe::plugin {

AskController::AskController(QgisInterface& iface, EngineProcess& engine, ui::AskDock& dock)
    : mIface(iface), mEngine(engine), mDock(dock), mPicker(*iface.mapCanvas()) {
  connectPicker(*dock.areaChooser(), mPicker);
  connect(&dock, &ui::AskDock::askWanted, this, &AskController::ask);
  connect(&dock, &ui::AskDock::describeWanted, this, &AskController::describeChosen);
  connect(&dock, &ui::AskDock::stopWanted, this, &AskController::stop);
  connect(&dock, &ui::AskDock::placeWanted, this, &AskController::goTo);
  connect(&dock, &ui::AskDock::cleared, this, [this] { mPlaces.clear(); });
}

AskController::~AskController() {
  for (const QPointer<LookJob>& job : std::as_const(mJobs)) {
    if (!job) continue;
    job->disconnect(this);
    job->cancel();
  }
}

void AskController::refuse(const std::exception& error) {
  mIface.messageBar()->pushMessage(mDock.windowTitle(), asSentence(QString::fromUtf8(error.what())), Qgis::MessageLevel::Warning);
}

void AskController::ask(const QString& question) {
  try {
    const RasterRequest request = requestOf(mDock.layer(), *mIface.mapCanvas(), *mDock.areaChooser(), mPicker);
    run(new AskJob(mEngine.gate(), request, question), question, placeText(request, mDock.areaChooser()->kind()), request, {});
  } catch (const std::exception& error) {
    refuse(error);
  }
}

void AskController::describeChosen() {
  try {
    const ui::AreaKind kind = mDock.areaChooser()->kind();
    const RasterRequest request = requestOf(mDock.layer(), *mIface.mapCanvas(), *mDock.areaChooser(), mPicker);
    const QString layerToNote = kind == ui::AreaKind::Layer ? request.layerId() : QString();
    run(new DescribeJob(mEngine.gate(), request), tr("Describe this area"), placeText(request, kind), request, layerToNote);
  } catch (const std::exception& error) {
    refuse(error);
  }
}

void AskController::describeLayer(QgsRasterLayer& layer) {
  try {
    const RasterRequest request = RasterRequest::ofLayer(layer, mIface.mapCanvas()->mapSettings());
    run(new DescribeJob(mEngine.gate(), request), tr("Describe this layer"), layer.name(), request, layer.id());
  } catch (const std::exception& error) {
    refuse(error);
  }
}

void AskController::describeView() {
  try {
    const RasterRequest request = RasterRequest::ofCanvas(mIface.mapCanvas()->mapSettings());
    run(new DescribeJob(mEngine.gate(), request), tr("Describe the map"), placeText(request, ui::AreaKind::View), request, {});
  } catch (const std::exception& error) {
    refuse(error);
  }
}

void AskController::stop() {
  for (const QPointer<LookJob>& job : std::as_const(mJobs)) {
    if (job) job->cancel();
  }
}

void AskController::run(LookJob* job, const QString& question, const QString& place, const RasterRequest& request,
                        const QString& layerToNote) {
  const int entry = mDock.addEntry(question, place);
  mPlaces[entry] = {request.bounds(), request.crs()};
  mJobs.append(job);
  mDock.setBusy(true);
  connect(job, &LookJob::pictureTaken, this, [this, entry](const QImage& thumbnail) { mDock.setThumbnail(entry, thumbnail); });
  connect(job, &LookJob::answerGrew, this, [this, entry](const QString& text) { mDock.appendAnswer(entry, text); });
  connect(job, &ModelJob::ended, this, [this, job, entry, layerToNote] { end(job, entry, layerToNote); });
  QgsApplication::taskManager()->addTask(job);
}

void AskController::end(LookJob* job, int entry, const QString& layerToNote) {
  mJobs.removeAll(job);
  mDock.setBusy(!mJobs.isEmpty());
  if (!job->failure().isEmpty()) {
    // Of a broken connection the cause is told rather than the symptom.
    const QString reason = mEngine.status().state == EngineState::Failed ? asSentence(mEngine.status().reason) : job->failure();
    mDock.failEntry(entry, reason);
    mIface.messageBar()->pushMessage(mDock.windowTitle(), reason, Qgis::MessageLevel::Warning);
  } else if (job->wasCancelled()) {
    mDock.finishEntry(entry, tr("Stopped"));
  } else {
    mDock.finishEntry(entry, {});
    const RouterUse& use = job->expertUse();
    mDock.setExpertUse(entry, QList<double>(use.usage.begin(), use.usage.end()), use.entropy);
    if (!layerToNote.isEmpty()) note(layerToNote, job->answer(), job->modelName());
  }
}

void AskController::note(const QString& layerId, const QString& answer, const QString& model) {
  QgsMapLayer* layer = QgsProject::instance()->mapLayer(layerId);
  if (!layer || answer.isEmpty()) return;
  putDescription(*layer, answer, model);
  mIface.messageBar()->pushMessage(tr("Description of %1").arg(layer->name()), tr("It is in the layer's notes. %1").arg(answer),
                                   Qgis::MessageLevel::Success);
}

void AskController::goTo(int entry) {
  const auto found = mPlaces.find(entry);
  if (found == mPlaces.end()) return;
  QgsMapCanvas* canvas = mIface.mapCanvas();
  try {
    QgsCoordinateTransform transform(found->second.crs, canvas->mapSettings().destinationCrs(),
                                     QgsProject::instance()->transformContext());
    transform.setBallparkTransformsAreAppropriate(true);
    canvas->setExtent(transform.transformBoundingBox(found->second.bounds), true);
    canvas->refresh();
  } catch (const QgsCsException&) {
    mIface.messageBar()->pushMessage(mDock.windowTitle(),
                                     tr("The place cannot be shown in the map's coordinate reference system."),
                                     Qgis::MessageLevel::Warning);
  }
}

}  // namespace orthoscribe::plugin
