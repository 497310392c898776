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

#include <QLineF>

#include "plugin/area_request.h"
#include "plugin/ask_job.h"
#include "plugin/classify_job.h"
#include "plugin/describe_job.h"
#include "plugin/engine_process.h"
#include "plugin/layer_description.h"
#include "plugin/messages.h"

namespace orthoscribe::plugin {

AskController::AskController(QgisInterface& iface, EngineProcess& engine, ui::AskDock& dock)
    : mIface(iface), mEngine(engine), mDock(dock), mPicker(*iface.mapCanvas()), mMarks(*iface.mapCanvas()) {
  connectPicker(*dock.areaChooser(), mPicker);
  connect(&dock, &ui::AskDock::askWanted, this, &AskController::ask);
  connect(&dock, &ui::AskDock::describeWanted, this, &AskController::describeChosen);
  connect(&dock, &ui::AskDock::stopWanted, this, &AskController::stop);
  connect(&dock, &ui::AskDock::classifyWanted, this, &AskController::classify);
  connect(&dock, &ui::AskDock::placeWanted, this, [this](int entry) {
    const auto found = mPlaces.find(entry);
    if (found != mPlaces.end()) goTo(found->second);
  });
  connect(&dock, &ui::AskDock::stepWanted, this, [this](int entry, int step) {
    if (const auto place = mMarks.placeOf(entry, step)) goTo(*place);
  });
  connect(&dock, &ui::AskDock::cleared, this, [this] {
    mPlaces.clear();
    mMarks.clear();
  });
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
    run(new AskJob(mEngine.gate(), request, question, earlierRequest(request)), question,
        placeText(request, mDock.areaChooser()->kind()), request, {});
  } catch (const std::exception& error) {
    refuse(error);
  }
}

void AskController::describeChosen() {
  try {
    const ui::AreaKind kind = mDock.areaChooser()->kind();
    const RasterRequest request = requestOf(mDock.layer(), *mIface.mapCanvas(), *mDock.areaChooser(), mPicker);
    if (const auto earlier = earlierRequest(request)) {
      run(new AskJob(mEngine.gate(), request, {}, earlier), tr("What has changed since %1?").arg(earlier->name()),
          placeText(request, kind), request, {});
      return;
    }
    const QString layerToNote = kind == ui::AreaKind::Layer ? request.layerId() : QString();
    run(new DescribeJob(mEngine.gate(), request, mDock.byAspects()), tr("Describe this area"), placeText(request, kind), request,
        layerToNote);
  } catch (const std::exception& error) {
    refuse(error);
  }
}

void AskController::classify(const QStringList& names) {
  try {
    const RasterRequest request = requestOf(mDock.layer(), *mIface.mapCanvas(), *mDock.areaChooser(), mPicker);
    const QString question =
        names.isEmpty() ? tr("Classify this area") : tr("Which of these: %1?").arg(names.join(QStringLiteral(", ")));
    run(new ClassifyJob(mEngine.gate(), request, names), question, placeText(request, mDock.areaChooser()->kind()), request, {});
  } catch (const std::exception& error) {
    refuse(error);
  }
}

std::optional<RasterRequest> AskController::earlierRequest(const RasterRequest& request) const {
  auto* layer = qobject_cast<QgsRasterLayer*>(mDock.earlierLayer());
  if (!layer) return std::nullopt;
  RasterRequest earlier = RasterRequest::ofLayer(*layer, mIface.mapCanvas()->mapSettings());
  earlier.setRectangle(request.bounds(), request.crs());
  return earlier;
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
  job->setExpert(mDock.experts()->expert());
  mDock.setBusy(true);
  connect(job, &LookJob::pictureTaken, this, [this, entry](const QImage& thumbnail) { mDock.setThumbnail(entry, thumbnail); });
  connect(job, &LookJob::answerGrew, this, [this, entry](const QString& text) { mDock.appendAnswer(entry, text); });
  connect(job, &LookJob::lookedCloser, this, [this, entry](const QPolygonF& outline) { markStep(entry, outline); });
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
    mDock.finishEntry(entry, job->warnings().isEmpty() ? QString() : asSentence(job->warnings().join(QStringLiteral("; "))));
    mDock.setAspects(entry, job->aspects());
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

void AskController::markStep(int entry, const QPolygonF& outline) {
  const auto found = mPlaces.find(entry);
  if (found == mPlaces.end()) return;  // the conversation was cleared meanwhile
  const QgsGeometry shape = QgsGeometry::fromQPolygonF(outline);
  mMarks.add(entry, shape, found->second.crs);
  const QgsRectangle bounds = shape.boundingBox();
  const auto metres = metresPerUnit(found->second.crs, QgsProject::instance()->transformContext(), bounds.center());
  const auto side = [&](int from) { return QLineF(outline[from], outline[from + 1]).length(); };
  mDock.addStep(entry, metres ? sizeText(side(0) * *metres, side(1) * *metres)
                              : tr("%L1 x %L2 pixels").arg(qRound(side(0))).arg(qRound(side(1))));
}

void AskController::goTo(const Place& place) {
  QgsMapCanvas* canvas = mIface.mapCanvas();
  try {
    QgsCoordinateTransform transform(place.crs, canvas->mapSettings().destinationCrs(),
                                     QgsProject::instance()->transformContext());
    transform.setBallparkTransformsAreAppropriate(true);
    canvas->setExtent(transform.transformBoundingBox(place.bounds), true);
    canvas->refresh();
  } catch (const QgsCsException&) {
    mIface.messageBar()->pushMessage(mDock.windowTitle(),
                                     tr("The place cannot be shown in the map's coordinate reference system."),
                                     Qgis::MessageLevel::Warning);
  }
}

}  // namespace orthoscribe::plugin
