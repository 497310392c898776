// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/actions.h"

#include <qgisinterface.h>
#include <qgslayertreeview.h>
#include <qgsrasterlayer.h>
#include <qgsvectorlayer.h>

#include <QAction>
#include <QMenu>

namespace orthoscribe::plugin {
namespace {

const QString kTitle = QStringLiteral("Orthoscribe");

QList<QgsRasterLayer*> selectedRasters(QgisInterface& iface) {
  QList<QgsRasterLayer*> rasters;
  const QList<QgsMapLayer*> selected = iface.layerTreeView()->selectedLayers();
  for (QgsMapLayer* layer : selected) {
    if (auto* raster = qobject_cast<QgsRasterLayer*>(layer)) rasters.append(raster);
  }
  if (rasters.isEmpty()) {
    if (auto* raster = qobject_cast<QgsRasterLayer*>(iface.layerTreeView()->currentLayer())) rasters.append(raster);
  }
  return rasters;
}

}  // namespace

// The menu is ours, because QGIS keeps those that it makes for plugins when they are empty again.
Actions::Actions(QgisInterface& iface) : mIface(iface), mMenu(std::make_unique<QMenu>(kTitle)) {
  mMenu->setIcon(QIcon(QStringLiteral(":/orthoscribe/icons/orthoscribe.svg")));
  iface.rasterMenu()->addMenu(mMenu.get());

  const QString describeIcon = QStringLiteral("describe");
  const QString askIcon = QStringLiteral("ask");
  const QString detectIcon = QStringLiteral("detect");

  QAction* describe = make(QStringLiteral("orthoscribeDescribe"), describeIcon, tr("Describe"),
                           tr("Let the model describe this layer; the text goes into its notes"));
  QAction* ask = make(QStringLiteral("orthoscribeAsk"), askIcon, tr("Ask\u2026"), tr("Ask the model about this layer"));
  QAction* detect =
      make(QStringLiteral("orthoscribeDetect"), detectIcon, tr("Detect Objects\u2026"), tr("Find objects on this layer"));
  connect(describe, &QAction::triggered, this, [this] {
    for (QgsRasterLayer* raster : selectedRasters(mIface)) Q_EMIT describeLayerWanted(raster);
  });
  connect(ask, &QAction::triggered, this, [this] { Q_EMIT askWanted(selectedRasters(mIface).value(0)); });
  connect(detect, &QAction::triggered, this, [this] { Q_EMIT detectWanted(selectedRasters(mIface).value(0)); });
  for (QAction* action : {describe, ask, detect}) addForLayer(action);

  QAction* describeView = make(QStringLiteral("orthoscribeDescribeMap"), describeIcon, tr("Describe the Map"),
                               tr("Let the model describe what the map shows"));
  QAction* askView =
      make(QStringLiteral("orthoscribeAskMap"), askIcon, tr("Ask the Map\u2026"), tr("Ask the model about what the map shows"));
  QAction* detectView = make(QStringLiteral("orthoscribeDetectMap"), detectIcon, tr("Detect Objects on the Map\u2026"),
                             tr("Find objects on what the map shows"));
  connect(describeView, &QAction::triggered, this, &Actions::describeViewWanted);
  connect(askView, &QAction::triggered, this, [this] { Q_EMIT askWanted(nullptr); });
  connect(detectView, &QAction::triggered, this, [this] { Q_EMIT detectWanted(nullptr); });
  for (QAction* action : {describeView, askView, detectView}) addForMap(action);
  addTraining();
}

Actions::~Actions() {
  for (QAction* action : std::as_const(mLayerActions)) {
    // QGIS forgets it for one kind of layer at a time.
    while (mIface.removeCustomActionForLayerType(action)) {
    }
    mIface.unregisterMainWindowAction(action);
  }
  for (QAction* action : std::as_const(mMapActions)) {
    mIface.unregisterMainWindowAction(action);
    mIface.removeRasterToolBarIcon(action);
  }
  qDeleteAll(mLayerActions);
  qDeleteAll(mMapActions);
}

QAction* Actions::make(const QString& name, const QString& icon, const QString& text, const QString& tip) {
  auto* action = new QAction(QIcon(QStringLiteral(":/orthoscribe/icons/%1.svg").arg(icon)), text, mIface.mainWindow());
  action->setObjectName(name);
  action->setToolTip(tip);
  action->setStatusTip(tip);
  return action;
}

void Actions::addForLayer(QAction* action) {
  mLayerActions.append(action);
  mIface.addCustomActionForLayerType(action, kTitle, Qgis::LayerType::Raster, true);
}

// In the menus of raster and polygon layers and in ours; a toolbar need not have them.
void Actions::addTraining() {
  QAction* train = make(QStringLiteral("orthoscribeTrain"), QStringLiteral("train"), tr("Train an Expert from This Layer\u2026"),
                        tr("Let the model learn from polygons on a raster"));
  QAction* accept = make(QStringLiteral("orthoscribeAcceptBoxes"), QStringLiteral("accept"), tr("Accept Selected Boxes"),
                         tr("Mark the selected boxes as right, to train an expert with them"));
  QAction* reject = make(QStringLiteral("orthoscribeRejectBoxes"), QStringLiteral("reject"), tr("Reject Selected Boxes"),
                         tr("Mark the selected boxes as wrong, to train an expert with them"));
  connect(train, &QAction::triggered, this, [this] {
    Q_EMIT trainWanted(selectedRasters(mIface).value(0), qobject_cast<QgsVectorLayer*>(mIface.layerTreeView()->currentLayer()));
  });
  for (QAction* action : {accept, reject}) {
    connect(action, &QAction::triggered, this, [this, accepted = action == accept] {
      if (auto* layer = qobject_cast<QgsVectorLayer*>(mIface.layerTreeView()->currentLayer()))
        Q_EMIT reviewWanted(layer, accepted);
    });
    addForBoxes(action);
  }
  addForLayer(train);
  mIface.addCustomActionForLayerType(train, kTitle, Qgis::LayerType::Vector, true);
  mMenu->addSeparator();
  mMenu->addAction(train);
}

void Actions::addForBoxes(QAction* action) {
  mLayerActions.append(action);
  mIface.addCustomActionForLayerType(action, kTitle, Qgis::LayerType::Vector, true);
  mIface.registerMainWindowAction(action, QString());
}

void Actions::addForMap(QAction* action) {
  mMapActions.append(action);
  mIface.addRasterToolBarIcon(action);
  mMenu->addAction(action);
  mIface.registerMainWindowAction(action, QString());
}

}  // namespace orthoscribe::plugin
