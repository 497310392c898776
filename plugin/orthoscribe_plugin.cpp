// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/orthoscribe_plugin.h"

#include <qgisinterface.h>
#include <qgsapplication.h>
#include <qgsmessagebar.h>
#include <qgsmessagebaritem.h>
#include <qgsprocessingregistry.h>
#include <qgsrasterlayer.h>
#include <qgsvectorlayer.h>

#include <QMainWindow>
#include <QPushButton>

#include "plugin/actions.h"
#include "plugin/ask_controller.h"
#include "plugin/detect_controller.h"
#include "plugin/engine_process.h"
#include "plugin/experts.h"
#include "plugin/messages.h"
#include "plugin/options_factory.h"
#include "plugin/processing/orthoscribe_provider.h"
#include "plugin/review_layer.h"
#include "plugin/settings.h"
#include "plugin/train_controller.h"

namespace orthoscribe::plugin {

OrthoscribePlugin::OrthoscribePlugin(QgisInterface& iface, const QString& name, const QString& description,
                                     const QString& category, const QString& version)
    : QgisPlugin(name, description, category, version, QgisPlugin::UI), mIface(iface) {}

OrthoscribePlugin::~OrthoscribePlugin() {
  unload();
}

void OrthoscribePlugin::initGui() {
  if (mEngine) return;
  installTranslator();
  mEngine = std::make_unique<EngineProcess>();
  mEngine->setOptions(loadOptions());
  makeDocks();
  mAsk = std::make_unique<AskController>(mIface, *mEngine, *mAskDock);
  mDetect = std::make_unique<DetectController>(mIface, *mEngine, *mDetectDock);
  mTrain = std::make_unique<TrainController>(mIface);
  mTrain->setClasses(loadKnownClasses());
  connect(mTrain.get(), &TrainController::useWanted, this, &OrthoscribePlugin::useExpert);
  connect(mEngine.get(), &EngineProcess::statusChanged, this, &OrthoscribePlugin::showEngine);
  connect(mEngine.get(), &EngineProcess::crashed, this, &OrthoscribePlugin::offerRestart);

  mOptions = std::make_unique<OptionsFactory>();
  mIface.registerOptionsWidgetFactory(mOptions.get());
  connect(mOptions.get(), &OptionsFactory::applied, mEngine.get(), &EngineProcess::setOptions);
  mProvider = new OrthoscribeProvider(mEngine->gate());
  QgsApplication::processingRegistry()->addProvider(mProvider);
  mActions = std::make_unique<Actions>(mIface);
  connectActions();
}

void OrthoscribePlugin::unload() {
  if (!mEngine) return;
  mActions.reset();
  QgsApplication::processingRegistry()->removeProvider(mProvider);
  mProvider = nullptr;
  mIface.unregisterOptionsWidgetFactory(mOptions.get());
  mOptions.reset();
  mTrain.reset();
  mDetect.reset();
  mAsk.reset();
  mIface.removeDockWidget(mDetectDock.get());
  mIface.removeDockWidget(mAskDock.get());
  mDetectDock.reset();
  mAskDock.reset();
  mEngine.reset();
  if (mTranslator) QCoreApplication::removeTranslator(mTranslator.get());
  mTranslator.reset();
}

void OrthoscribePlugin::installTranslator() {
  auto translator = std::make_unique<QTranslator>();
  const QString file = QStringLiteral(":/orthoscribe/i18n/orthoscribe_%1.qm");
  // English is the source; its file holds the plural forms, which every language without a translation needs too.
  if (!translator->load(file.arg(QgsApplication::locale().left(2))) && !translator->load(file.arg(QStringLiteral("en")))) return;
  mTranslator = std::move(translator);
  QCoreApplication::installTranslator(mTranslator.get());
}

void OrthoscribePlugin::makeDocks() {
  mAskDock = std::make_unique<ui::AskDock>();
  mDetectDock = std::make_unique<ui::DetectDock>();
  mIface.addDockWidget(Qt::DockWidgetArea::RightDockWidgetArea, mAskDock.get());
  mIface.addDockWidget(Qt::DockWidgetArea::RightDockWidgetArea, mDetectDock.get());
  // Adding a dock shows it; ours wait until they are wanted.
  mAskDock->hide();
  mDetectDock->hide();
  mDetectDock->setSuggestions(loadKnownClasses());
  showExperts(expertNames(expertFolders(loadOptions().adapters)));
  for (ui::EngineStatusBar* bar : {mAskDock->engineStatus(), mDetectDock->engineStatus()}) {
    connect(bar, &ui::EngineStatusBar::startWanted, mEngine.get(), &EngineProcess::start);
    connect(bar, &ui::EngineStatusBar::settingsWanted, this, &OrthoscribePlugin::showOptions);
  }
}

void OrthoscribePlugin::connectActions() {
  connect(mActions.get(), &Actions::describeLayerWanted, mAsk.get(), [this](QgsRasterLayer* layer) {
    placeDocksOnce();
    mAskDock->setUserVisible(true);
    mAsk->describeLayer(*layer);
  });
  connect(mActions.get(), &Actions::describeViewWanted, mAsk.get(), [this] {
    placeDocksOnce();
    mAskDock->setUserVisible(true);
    mAsk->describeView();
  });
  connect(mActions.get(), &Actions::trainWanted, mTrain.get(), [this](QgsRasterLayer* raster, QgsVectorLayer* labels) {
    mTrain->open(raster, labels);
    // Only the engine knows what the model's classes are.
    if (loadKnownClasses().isEmpty()) mEngine->start();
  });
  connect(mActions.get(), &Actions::reviewWanted, this,
          [this](QgsVectorLayer* layer, bool accepted) { review(*layer, accepted); });
  connect(mActions.get(), &Actions::askWanted, this, &OrthoscribePlugin::showAskDock);
  connect(mActions.get(), &Actions::detectWanted, this, &OrthoscribePlugin::showDetectDock);
}

// QGIS puts docks that it does not know from an earlier session below each other.
void OrthoscribePlugin::placeDocksOnce() {
  if (loadDocksPlaced()) return;
  saveDocksPlaced();
  if (auto* window = qobject_cast<QMainWindow*>(mIface.mainWindow())) window->tabifyDockWidget(mAskDock.get(), mDetectDock.get());
}

void OrthoscribePlugin::showAskDock(QgsRasterLayer* layer) {
  placeDocksOnce();
  mAskDock->setLayer(layer);
  mAskDock->setUserVisible(true);
  mAskDock->focusQuestion();
}

void OrthoscribePlugin::showDetectDock(QgsRasterLayer* layer) {
  placeDocksOnce();
  mDetectDock->setLayer(layer);
  mDetectDock->setUserVisible(true);
  mDetectDock->focusClasses();
}

void OrthoscribePlugin::showEngine(const EngineStatus& status) {
  ui::EngineLight light = ui::EngineLight::Busy;
  QString text;
  switch (status.state) {
    case EngineState::Stopped:
      light = ui::EngineLight::Asleep;
      text = tr("The engine starts on first use");
      break;
    case EngineState::Starting:
      text = tr("Starting the engine");
      break;
    case EngineState::Loading:
      text = tr("Loading the model %1").arg(status.model);
      break;
    case EngineState::Ready:
      light = ui::EngineLight::Ready;
      text = status.device.isEmpty() ? tr("%1 is ready").arg(status.model)
                                     : tr("%1 is ready on %2").arg(status.model, status.device);
      break;
    case EngineState::Failed:
      light = ui::EngineLight::Failed;
      text = asSentence(status.reason);
      break;
  }
  mAskDock->engineStatus()->show(light, text, {});
  mDetectDock->engineStatus()->show(light, text, {});
  if (status.state == EngineState::Ready) showExperts(status.experts);
  if (status.state == EngineState::Ready && !status.classes.isEmpty()) {
    saveKnownClasses(status.classes);
    mTrain->setClasses(status.classes);
    mDetectDock->setSuggestions(status.classes);
  }
}

void OrthoscribePlugin::showExperts(const QStringList& names) {
  mAskDock->experts()->setExperts(names);
  mDetectDock->experts()->setExperts(names);
}

void OrthoscribePlugin::useExpert(const QString& name) {
  mAskDock->experts()->setExpert(name);
  mDetectDock->experts()->setExpert(name);
  mEngine->restart();
  placeDocksOnce();
  mDetectDock->setUserVisible(true);
}

void OrthoscribePlugin::review(QgsVectorLayer& layer, bool accepted) {
  QgsVectorLayer* reviewed = reviewLayerOf(layer);
  const int marked = reviewed ? markSelected(*reviewed, accepted ? Review::Accepted : Review::Rejected) : 0;
  if (reviewed && reviewed != &layer) mIface.setActiveLayer(reviewed);
  if (marked == 0) {
    mIface.messageBar()->pushMessage(tr("Review"), tr("Select the boxes on the map first; then accept or reject them."),
                                     Qgis::MessageLevel::Info);
  }
}

void OrthoscribePlugin::offerRestart(const QString& reason) {
  QgsMessageBarItem* item = QgsMessageBar::createMessage(tr("Orthoscribe"), asSentence(reason));
  auto* again = new QPushButton(tr("Start Again"), item);
  connect(again, &QPushButton::clicked, mEngine.get(), &EngineProcess::start);
  connect(again, &QPushButton::clicked, item, [this, item] { mIface.messageBar()->popWidget(item); });
  item->layout()->addWidget(again);
  item->setLevel(Qgis::MessageLevel::Warning);
  mIface.messageBar()->pushItem(item);
}

void OrthoscribePlugin::showOptions() {
  mIface.showOptionsDialog(mIface.mainWindow(), OptionsFactory::pageName());
}

}  // namespace orthoscribe::plugin
