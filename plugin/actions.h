// SPDX-License-Identifier: GPL-2.0-or-later
// The actions: for a raster layer in its context menu, for the map in the raster menu and toolbar.
#pragma once

#include <QList>
#include <QObject>
#include <memory>

class QAction;
class QMenu;
class QgisInterface;
class QgsRasterLayer;
class QgsVectorLayer;

namespace orthoscribe::plugin {

class Actions : public QObject {
  Q_OBJECT

 public:
  explicit Actions(QgisInterface& iface);
  // Takes everything out of menus and toolbars again.
  ~Actions() override;

 Q_SIGNALS:
  void describeLayerWanted(QgsRasterLayer* layer);
  // layer: null for the map as drawn.
  void askWanted(QgsRasterLayer* layer);
  void detectWanted(QgsRasterLayer* layer);
  void describeViewWanted();
  // Either may be null.
  void trainWanted(QgsRasterLayer* raster, QgsVectorLayer* labels);
  void reviewWanted(QgsVectorLayer* layer, bool accepted);

 private:
  QAction* make(const QString& name, const QString& icon, const QString& text, const QString& tip);
  void addForLayer(QAction* action);
  void addForBoxes(QAction* action);
  void addTraining();
  void addForMap(QAction* action);

  QgisInterface& mIface;
  std::unique_ptr<QMenu> mMenu;
  QList<QAction*> mLayerActions;
  QList<QAction*> mMapActions;
};

}  // namespace orthoscribe::plugin
