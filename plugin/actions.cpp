// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/actions.h"

#include <qgisinterface.h>
#include <qgslayertreeview.h>
#include <qgsrasterlayer.h>

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
}

Actions::~Actions() {
  for (QAction* action : std::as_const(mLayerActions)) mIface.removeCustomActionForLayerType(action);
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

void Actions::addForMap(QAction* action) {
  mMapActions.append(action);
  mIface.addRasterToolBarIcon(action);
  mMenu->addAction(action);
  mIface.registerMainWindowAction(action, QString());
}

}  // namespace orthoscribe::plugin
