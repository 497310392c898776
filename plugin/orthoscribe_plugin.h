// SPDX-License-Identifier: GPL-2.0-or-later
// The plugin as QGIS sees it. It only puts the parts together; initGui is instant, the engine starts on first use.
#pragma once

#include <qgisplugin.h>

#include <QObject>
#include <QTranslator>
#include <memory>

class QgisInterface;
class QgsRasterLayer;
class QgsVectorLayer;

namespace orthoscribe::ui {
class AskDock;
class DetectDock;
struct OptionsValues;
}  // namespace orthoscribe::ui

namespace orthoscribe::plugin {

class Actions;
class AskController;
class DetectController;
class EngineProcess;
struct EngineStatus;
class OptionsFactory;
class OrthoscribeProvider;
class TrainController;

class OrthoscribePlugin : public QObject, public QgisPlugin {
  Q_OBJECT

 public:
  OrthoscribePlugin(QgisInterface& iface, const QString& name, const QString& description, const QString& category,
                    const QString& version);
  ~OrthoscribePlugin() override;

  // Both can be invoked by name, so that scripts can try several lives of the plugin.
  Q_INVOKABLE void initGui() override;
  // Undoes all of initGui and what came after; initGui may be called again.
  Q_INVOKABLE void unload() override;

 private:
  void installTranslator();
  void makeDocks();
  void connectActions();
  void placeDocksOnce();
  void showAskDock(QgsRasterLayer* layer);
  void showDetectDock(QgsRasterLayer* layer);
  void review(QgsVectorLayer& layer, bool accepted);
  void showExperts(const QStringList& names);
  void useExpert(const QString& name);
  void showEngine(const EngineStatus& status);
  void offerRestart(const QString& reason);
  void showOptions();

  QgisInterface& mIface;
  std::unique_ptr<QTranslator> mTranslator;
  std::unique_ptr<EngineProcess> mEngine;
  std::unique_ptr<OptionsFactory> mOptions;
  std::unique_ptr<ui::AskDock> mAskDock;
  std::unique_ptr<ui::DetectDock> mDetectDock;
  std::unique_ptr<AskController> mAsk;
  std::unique_ptr<DetectController> mDetect;
  std::unique_ptr<TrainController> mTrain;
  std::unique_ptr<Actions> mActions;
  OrthoscribeProvider* mProvider = nullptr;  // owned by the registry
};

}  // namespace orthoscribe::plugin
