// SPDX-License-Identifier: GPL-2.0-or-later
// A second plugin that works the first one like a user, for a QGIS without Python. Writes results.json like the scripts do.
#include <qgis.h>
#include <qgisinterface.h>
#include <qgisplugin.h>
#include <qgsapplication.h>
#include <qgslayernotesutils.h>
#include <qgsmapcanvas.h>
#include <qgsmessagebar.h>
#include <qgsprocessingregistry.h>
#include <qgsproject.h>
#include <qgsrasterlayer.h>
#include <qgsvectorlayer.h>

#include <QAbstractButton>
#include <QAction>
#include <QComboBox>
#include <QDir>
#include <QDockWidget>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QLabel>
#include <QLineEdit>
#include <QMap>
#include <QTimer>
#include <functional>
#include <stdexcept>

namespace {

const QString kName = QStringLiteral("Orthoscribe probe");
constexpr int kWholeLayer = 2;

class Probe : public QObject, public QgisPlugin {
 public:
  explicit Probe(QgisInterface& iface)
      : QgisPlugin(kName, kName, kName, QStringLiteral("0"), QgisPlugin::UI),
        mIface(iface),
        mWork(qEnvironmentVariable("ORTHOSCRIBE_TEST_FOLDER")) {}

  void initGui() override { QTimer::singleShot(3000, this, &Probe::run); }
  void unload() override {}

 private:
  static void check(bool holds, const QString& what) {
    if (!holds) throw std::runtime_error(what.toStdString());
  }

  static void settle(int milliseconds) {
    QEventLoop loop;
    QTimer::singleShot(milliseconds, &loop, &QEventLoop::quit);
    loop.exec();
    // What was to be deleted in the loop around this one.
    QCoreApplication::sendPostedEvents(nullptr, QEvent::DeferredDelete);
  }

  static void waitFor(const std::function<bool()>& condition, const QString& what) {
    QElapsedTimer elapsed;
    elapsed.start();
    while (!condition()) {
      check(elapsed.elapsed() < 120'000, QStringLiteral("waited in vain for ") + what);
      settle(50);
    }
  }

  template <typename Part>
  Part* part(const QString& name, const QObject* inside = nullptr) const {
    auto* found = (inside ? inside : mIface.mainWindow())->findChild<Part*>(name);
    check(found != nullptr, QStringLiteral("there is no ") + name);
    return found;
  }

  QDockWidget* askDock() const { return part<QDockWidget>(QStringLiteral("OrthoscribeAskDock")); }
  QDockWidget* detectDock() const { return part<QDockWidget>(QStringLiteral("OrthoscribeDetectDock")); }

  static void chooseWholeLayer(const QComboBox& combo) {
    const int index = combo.findData(kWholeLayer);
    check(index >= 0, QStringLiteral("the whole layer is not offered"));
    const_cast<QComboBox&>(combo).setCurrentIndex(index);
  }

  void openRaster() {
    mRaster = mIface.addRasterLayer(mWork + QStringLiteral("/scene.tif"), QStringLiteral("scene"));
    check(mRaster && mRaster->isValid(), QStringLiteral("the raster is not valid"));
    mIface.setActiveLayer(mRaster);
    mIface.zoomToActiveLayer();
    settle(500);
  }

  void describe() {
    part<QAction>(QStringLiteral("orthoscribeDescribe"))->trigger();
    waitFor([this] { return QgsLayerNotesUtils::layerNotes(mRaster).contains(QStringLiteral("The picture shows")); },
            QStringLiteral("the notes"));
  }

  void ask() {
    part<QAction>(QStringLiteral("orthoscribeAsk"))->trigger();
    chooseWholeLayer(*part<QComboBox>(QStringLiteral("kindCombo"), askDock()));
    part<QLineEdit>(QStringLiteral("questionEdit"), askDock())->setText(QStringLiteral("How many ships?"));
    part<QAbstractButton>(QStringLiteral("askButton"), askDock())->click();
    waitFor(
        [this] {
          const auto answers = askDock()->findChildren<QLabel*>(QStringLiteral("answerLabel"));
          return !answers.isEmpty() && answers.last()->text().contains(QStringLiteral("blue shapes on a plain ground."));
        },
        QStringLiteral("the answer"));
  }

  void detect() {
    part<QAction>(QStringLiteral("orthoscribeDetect"))->trigger();
    chooseWholeLayer(*part<QComboBox>(QStringLiteral("kindCombo"), detectDock()));
    part<QLineEdit>(QStringLiteral("classesEdit"), detectDock())->setText(QStringLiteral("airplane, ship"));
    auto* start = part<QAbstractButton>(QStringLiteral("startButton"), detectDock());
    start->click();
    settle(200);
    waitFor([start] { return start->isVisible(); }, QStringLiteral("the end of the detection"));
    const auto layers = QgsProject::instance()->layers<QgsVectorLayer*>();
    check(layers.size() == 1, QStringLiteral("no result: ") + part<QLabel>(QStringLiteral("stateLabel"), detectDock())->text());
    check(layers.first()->featureCount() == 9, QStringLiteral("%1 boxes").arg(layers.first()->featureCount()));
    part<QAbstractButton>(QStringLiteral("exportButton"), detectDock())->click();
    mIface.messageBar()->clearWidgets();
    settle(1500);
    mIface.mainWindow()->grab().save(mWork + QStringLiteral("/detect.png"));
  }

  QMap<QString, int> kinds() const {
    QMap<QString, int> count;
    const auto children = mIface.mainWindow()->findChildren<QObject*>();
    for (const QObject* child : children)
      ++count[QLatin1String(child->metaObject()->className()) + QLatin1Char(' ') + child->objectName()];
    return count;
  }

  // Each half of a life starts from QGIS's own event loop, since objects that are to be deleted later go only there.
  void unloadOnce() {
    QObject* plugin = nullptr;
    const auto children = mIface.mainWindow()->children();
    for (QObject* child : children) {
      if (child->objectName().contains(QStringLiteral("orthoscribeplugin"))) plugin = child;
    }
    if (plugin) QMetaObject::invokeMethod(plugin, "unload", Qt::ConnectionType::DirectConnection);
    QTimer::singleShot(300, this, [this, plugin] {
      mCounts << kinds();
      if (!plugin) return finish();
      mTraces += mIface.mainWindow()->findChild<QAction*>(QStringLiteral("orthoscribeDetect")) != nullptr;
      mTraces += QgsApplication::processingRegistry()->providerById(QStringLiteral("orthoscribe")) != nullptr;
      QMetaObject::invokeMethod(plugin, "initGui", Qt::ConnectionType::DirectConnection);
      QTimer::singleShot(300, this, mCounts.size() < 10 ? &Probe::unloadOnce : &Probe::finish);
    });
  }

  void tenLives() {
    check(mCounts.size() == 10, QStringLiteral("the plugin's object was not found"));
    check(mTraces == 0, QStringLiteral("an action or the provider is left"));
    // The second life is the measure: the first may have made what QGIS keeps.
    QStringList left;
    for (auto kind = mCounts.last().cbegin(); kind != mCounts.last().cend(); ++kind) {
      const int more = kind.value() - mCounts[1].value(kind.key());
      if (more > 0) left << QStringLiteral("%1 x %2").arg(more).arg(kind.key());
    }
    check(left.isEmpty(), QStringLiteral("eight lives leave ") + left.join(QStringLiteral(", ")));
  }

  bool step(const QString& name, void (Probe::*function)()) {
    QString failure;
    try {
      (this->*function)();
    } catch (const std::exception& error) {
      failure = QString::fromUtf8(error.what());
    }
    mResults.append(QJsonObject{
        {QStringLiteral("name"), name}, {QStringLiteral("ok"), failure.isEmpty()}, {QStringLiteral("detail"), failure}});
    QFile file(mWork + QStringLiteral("/results.json"));
    if (file.open(QIODevice::WriteOnly)) file.write(QJsonDocument(mResults).toJson());
    return failure.isEmpty();
  }

  void run() {
    step(QStringLiteral("open raster"), &Probe::openRaster) && step(QStringLiteral("describe"), &Probe::describe) &&
        step(QStringLiteral("ask"), &Probe::ask) && step(QStringLiteral("detect and export"), &Probe::detect);
    unloadOnce();
  }

  void finish() {
    step(QStringLiteral("ten lives"), &Probe::tenLives);
    QgsProject::instance()->setDirty(false);
    mIface.actionExit()->trigger();
  }

  QgisInterface& mIface;
  QString mWork;
  QgsRasterLayer* mRaster = nullptr;
  QJsonArray mResults;
  QList<QMap<QString, int>> mCounts;  // what is in the main window after each unloading
  int mTraces = 0;
};

}  // namespace

QGISEXTERN QgisPlugin* classFactory(QgisInterface* iface) {
  return new Probe(*iface);
}
QGISEXTERN const QString* name() {
  return &kName;
}
QGISEXTERN const QString* description() {
  return &kName;
}
QGISEXTERN const QString* category() {
  return &kName;
}
QGISEXTERN const QString* version() {
  return &kName;
}
QGISEXTERN int type() {
  return QgisPlugin::UI;
}
QGISEXTERN void unload(QgisPlugin* plugin) {
  delete plugin;
}
