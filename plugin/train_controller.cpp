// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/train_controller.h"

#include <qgisinterface.h>
#include <qgsapplication.h>
#include <qgsmessagebar.h>
#include <qgsmessagebaritem.h>
#include <qgsrasterlayer.h>
#include <qgsvectorlayer.h>
#include <qgsvectorlayerexporter.h>

#include <QDir>
#include <QJsonObject>
#include <QLocale>
#include <QMainWindow>
#include <QPushButton>
#include <QTemporaryDir>

#include "core/base/error.h"
#include "core/base/progress.h"
#include "plugin/engine_program.h"
#include "plugin/experts.h"
#include "plugin/messages.h"
#include "plugin/settings.h"
#include "plugin/train_job.h"

namespace orthoscribe::plugin {
namespace {

const QString kLabelsLayer = QStringLiteral("labels");

QString fileOf(const QgsRasterLayer& raster) {
  return raster.source().section(QLatin1Char('|'), 0, 0);
}

}  // namespace

QStringList trainArguments(const ui::TrainingWishes& wishes, const QString& labels, const QString& model, const QString& device,
                           const QString& folder) {
  QStringList arguments = {QStringLiteral("train"),      QStringLiteral("--json"),
                           QStringLiteral("--raster"),   fileOf(*wishes.raster),
                           QStringLiteral("--labels"),   labels,
                           QStringLiteral("--output"),   folder,
                           QStringLiteral("--minutes"),  QString::number(wishes.minutes),
                           QStringLiteral("--held-out"), QString::number(wishes.heldOut)};
  const auto add = [&arguments](const QString& option, const QString& value) {
    if (!value.isEmpty()) arguments << option << value;
  };
  add(QStringLiteral("--label-field"), wishes.labelField);
  add(QStringLiteral("--label"), wishes.label);
  add(QStringLiteral("--as"), wishes.asClass);
  add(QStringLiteral("--status-field"), wishes.statusField);
  add(QStringLiteral("--model"), model);
  if (device == QLatin1String("cpu") || device == QLatin1String("cuda")) add(QStringLiteral("--device"), device);
  return arguments;
}

void writeLabels(const ui::TrainingWishes& wishes, const QString& path) {
  if ((wishes.selectedOnly ? wishes.labels->selectedFeatureCount() : wishes.labels->featureCount()) == 0) {
    throw Error(ErrorCode::InvalidInput, wishes.labels->name().toStdString() + " has no features to learn from");
  }
  const QVariantMap options = {{QStringLiteral("driverName"), QStringLiteral("GPKG")},
                               {QStringLiteral("layerName"), kLabelsLayer}};
  QString reason;
  const auto outcome = QgsVectorLayerExporter::exportLayer(wishes.labels, path, QStringLiteral("ogr"), wishes.labels->crs(),
                                                           wishes.selectedOnly, &reason, options);
  if (outcome != Qgis::VectorExportResult::Success)
    throw Error(ErrorCode::Io, "the labels cannot be written: " + reason.toStdString());
}

QString figuresText(const QJsonObject& result) {
  const QJsonObject before = result.value(QLatin1String("before")).toObject();
  const QJsonObject after = result.value(QLatin1String("after")).toObject();
  QStringList sentences;
  for (const QString& name : after.keys()) {
    const auto number = [&name](const QJsonObject& figures, const char* key) {
      return figures.value(name).toObject().value(QLatin1String(key)).toDouble();
    };
    const auto change = [&](const char* key) {
      return TrainController::tr("%1 \u2192 %2")
          .arg(QLocale().toString(number(before, key), 'f', 2), QLocale().toString(number(after, key), 'f', 2));
    };
    sentences << TrainController::tr("%1: average precision %2, precision %3, recall %4 on %Ln held-out object(s)", nullptr,
                                     int(number(after, "truths")))
                     .arg(name, change("averagePrecision"), change("precision"), change("recall"));
  }
  return sentences.join(QStringLiteral("; "));
}

TrainController::TrainController(QgisInterface& iface) : mIface(iface) {}

TrainController::~TrainController() {
  if (!mJob) return;
  mJob->disconnect(this);
  mJob->cancel();
}

void TrainController::setClasses(const QStringList& names) {
  mClasses = names;
  if (mDialog) mDialog->setClasses(names);
}

void TrainController::cancel() {
  if (mJob) mJob->cancel();
}

void TrainController::open(QgsRasterLayer* raster, QgsVectorLayer* labels) {
  if (!mDialog) {
    mDialog = std::make_unique<ui::TrainDialog>(mIface.mainWindow());
    mDialog->setClasses(mClasses);
    connect(mDialog.get(), &ui::TrainDialog::trainWanted, this, &TrainController::train);
    connect(mDialog.get(), &ui::TrainDialog::cancelWanted, this, &TrainController::cancel);
  }
  if (!mJob) {
    mDialog->setRaster(raster);
    mDialog->setLabels(labels);
    mDialog->setTakenNames(QDir(expertsFolder()).entryList(QDir::Dirs | QDir::NoDotAndDotDot));
  }
  mDialog->show();
  mDialog->raise();
  mDialog->activateWindow();
}

void TrainController::train() {
  if (mJob) return;
  const ui::TrainingWishes wishes = mDialog->wishes();
  try {
    const ui::OptionsValues options = loadOptions();
    const QString program = findEngineProgram(options.program);
    auto folder = std::make_unique<QTemporaryDir>();
    const QString labels = folder->filePath(QStringLiteral("labels.gpkg"));
    writeLabels(wishes, labels);
    const QStringList arguments = trainArguments(wishes, labels + QLatin1Char('|') + kLabelsLayer, options.model, options.device,
                                                 QDir(expertsFolder()).filePath(wishes.name));
    mJob = new TrainJob(wishes.name, program, arguments, std::move(folder));
  } catch (const std::exception& error) {
    mDialog->showState(asSentence(QString::fromUtf8(error.what())));
    return;
  }
  connect(mJob, &TrainJob::progressed, this, [this](double fraction, const QString& message, double loss, double secondsLeft) {
    QStringList parts = {message};
    if (loss >= 0) parts << tr("loss %1").arg(QLocale().toString(loss, 'f', 3));
    if (secondsLeft >= 0)
      parts << tr("%1 left").arg(QString::fromStdString(durationText(std::chrono::seconds(qRound64(secondsLeft)))));
    if (mJob && !mJob->wasCancelled()) mDialog->showProgress(fraction, parts.join(QStringLiteral(", ")));
  });
  connect(mJob, &TrainJob::ended, this, [this, job = mJob.data(), name = wishes.name] { end(job, name); });
  mDialog->setBusy(true);
  mDialog->showProgress(-1.0, tr("Starting"));
  QgsApplication::taskManager()->addTask(mJob);
}

void TrainController::end(TrainJob* job, const QString& name) {
  mJob.clear();
  mDialog->setTakenNames(QDir(expertsFolder()).entryList(QDir::Dirs | QDir::NoDotAndDotDot));
  mDialog->setBusy(false);
  if (job->wasCancelled()) {
    // What a cancelled training leaves is no expert, and would keep the name.
    QDir(QDir(expertsFolder()).filePath(name)).removeRecursively();
    mDialog->setTakenNames(QDir(expertsFolder()).entryList(QDir::Dirs | QDir::NoDotAndDotDot));
    mDialog->showState(tr("Cancelled."));
  } else if (!job->failure().isEmpty()) {
    mDialog->showState(asSentence(job->failure()));
    mIface.messageBar()->pushMessage(mDialog->windowTitle(), asSentence(job->failure()), Qgis::MessageLevel::Warning);
  } else {
    const QString figures = figuresText(job->result());
    mDialog->showState(tr("The expert %1 is ready. %2").arg(name, asSentence(figures)));
    offer(name, figures);
  }
}

void TrainController::offer(const QString& name, const QString& figures) {
  QgsMessageBarItem* item = QgsMessageBar::createMessage(tr("Expert %1").arg(name), figures);
  auto* use = new QPushButton(tr("Use This Expert"), item);
  use->setObjectName(QStringLiteral("useExpertButton"));
  connect(use, &QPushButton::clicked, this, [this, name, item] {
    mIface.messageBar()->popWidget(item);
    Q_EMIT useWanted(name);
  });
  item->layout()->addWidget(use);
  item->setLevel(Qgis::MessageLevel::Success);
  mIface.messageBar()->pushItem(item);
}

}  // namespace orthoscribe::plugin
