// SPDX-License-Identifier: GPL-2.0-or-later
// Training an expert from the plugin: the dialog, the job with a child program, the labels that are written for it, and the
// review of boxes.
#include <gmock/gmock.h>
#include <qgsapplication.h>
#include <qgsfieldcombobox.h>
#include <qgsfilterlineedit.h>
#include <qgsproject.h>
#include <qgsrasterlayer.h>
#include <qgsspinbox.h>
#include <qgstaskmanager.h>
#include <qgsvectordataprovider.h>
#include <qgsvectorlayer.h>

#include <QCheckBox>
#include <QComboBox>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QJsonDocument>
#include <QLabel>
#include <QPointer>
#include <QPushButton>
#include <QSignalSpy>
#include <QTemporaryDir>

#include "core/base/error.h"
#include "plugin/experts.h"
#include "plugin/review_layer.h"
#include "plugin/train_controller.h"
#include "plugin/train_job.h"
#include "tests/qgis/widget_part.h"

namespace orthoscribe::plugin {
namespace {

// Two layers in the project: a picture, and boxes on it, of which the last is not a ship.
class Training : public ::testing::Test {
 protected:
  void SetUp() override {
    QgsProject::instance()->clear();
    writeRaster(mFolder.filePath(QStringLiteral("scene.asc")));
    mRaster = new QgsRasterLayer(mFolder.filePath(QStringLiteral("scene.asc")), QStringLiteral("scene"));
    ASSERT_TRUE(mRaster->isValid());
    mLabels = new QgsVectorLayer(QStringLiteral("Polygon?crs=EPSG:32631&field=label:string&field=score:double"),
                                 QStringLiteral("boxes"), QStringLiteral("memory"));
    for (int number = 0; number < 4; ++number) {
      QgsFeature feature(mLabels->fields());
      feature.setGeometry(QgsGeometry::fromRect(QgsRectangle(500000 + 10 * number, 0, 500005 + 10 * number, 5)));
      feature.setAttribute(0, number < 3 ? QStringLiteral("ship") : QStringLiteral("pier"));
      QgsFeatureList one = {feature};
      mLabels->dataProvider()->addFeatures(one);
      mIds << one.first().id();
    }
    QgsProject::instance()->addMapLayers({mRaster, mLabels});
  }
  void TearDown() override { QgsProject::instance()->clear(); }

  static void writeRaster(const QString& path) {
    QFile file(path);
    ASSERT_TRUE(file.open(QIODevice::WriteOnly));
    file.write("ncols 2\nnrows 2\nxllcorner 500000\nyllcorner 0\ncellsize 20\n1 2\n3 4\n");
  }

  QStringList arguments(const char* asClass) const {
    return {QStringLiteral("train"), QStringLiteral("--output"), mFolder.filePath(QStringLiteral("expert")),
            QStringLiteral("--as"), QLatin1String(asClass)};
  }
  TrainJob* job(const char* asClass) const {
    return new TrainJob(QStringLiteral("expert"), QStringLiteral(ORTHOSCRIBE_FAKE_ENGINE), arguments(asClass), nullptr);
  }

  QTemporaryDir mFolder;
  QgsRasterLayer* mRaster = nullptr;
  QgsVectorLayer* mLabels = nullptr;
  QList<QgsFeatureId> mIds;
};

bool hasEnded(QSignalSpy& ended) {
  return ended.count() > 0 || ended.wait(30'000);
}

TEST_F(Training, TheDialogWaitsForAllThatIsNeeded) {
  ui::TrainDialog dialog;
  dialog.setRaster(mRaster);
  dialog.setLabels(mLabels);
  dialog.setClasses({QStringLiteral("ship"), QStringLiteral("airplane")});
  dialog.setTakenNames({QStringLiteral("harbour")});
  QSignalSpy wanted(&dialog, &ui::TrainDialog::trainWanted);
  auto* train = part<QPushButton>(dialog, "trainButton");
  auto* name = part<QgsFilterLineEdit>(dialog, "nameEdit");
  EXPECT_FALSE(train->isEnabled());
  EXPECT_EQ(dialog.wishes().labelField, QStringLiteral("label")) << "as detections have it";
  for (const char* wrong : {"harbour", "../harbour", "none", "a/b"}) {
    name->setText(QLatin1String(wrong));
    EXPECT_FALSE(train->isEnabled()) << wrong;
    EXPECT_FALSE(train->toolTip().isEmpty()) << wrong;
  }
  name->setText(QStringLiteral("my ships"));
  EXPECT_TRUE(train->isEnabled()) << train->toolTip().toStdString();
  part<QgsFieldComboBox>(dialog, "fieldCombo")->setField({});
  EXPECT_FALSE(train->isEnabled()) << "nothing says what the polygons are";
  part<QComboBox>(dialog, "classCombo")->setCurrentIndex(1);
  part<QgsSpinBox>(dialog, "minutesSpin")->setValue(7);
  train->click();
  ASSERT_EQ(wanted.count(), 1);
  const ui::TrainingWishes wishes = dialog.wishes();
  EXPECT_EQ(wishes.raster, mRaster);
  EXPECT_EQ(wishes.labels, mLabels);
  EXPECT_EQ(wishes.asClass, QStringLiteral("ship"));
  EXPECT_EQ(wishes.minutes, 7);
  EXPECT_DOUBLE_EQ(wishes.heldOut, 0.2);
}

TEST_F(Training, TheDialogLocksItsFormAndShowsTheWay) {
  ui::TrainDialog dialog;
  QSignalSpy cancelled(&dialog, &ui::TrainDialog::cancelWanted);
  dialog.setBusy(true);
  dialog.showProgress(0.4, QStringLiteral("Training, step 12"));
  EXPECT_FALSE(part<QWidget>(dialog, "formPart")->isEnabled());
  EXPECT_TRUE(part<QPushButton>(dialog, "trainButton")->isHidden());
  EXPECT_EQ(part<QLabel>(dialog, "stateLabel")->text(), QStringLiteral("Training, step 12"));
  part<QPushButton>(dialog, "cancelButton")->click();
  EXPECT_EQ(cancelled.count(), 1);
  dialog.setBusy(false);
  EXPECT_TRUE(part<QWidget>(dialog, "formPart")->isEnabled());
}

TEST_F(Training, TheChildIsToldEverything) {
  ui::TrainingWishes wishes;
  wishes.raster = mRaster;
  wishes.labels = mLabels;
  wishes.asClass = QStringLiteral("ship");
  wishes.statusField = reviewField();
  wishes.minutes = 3;
  const QStringList said =
      trainArguments(wishes, QStringLiteral("labels.gpkg|labels"), {}, QStringLiteral("cpu"), QStringLiteral("out"));
  const auto valueOf = [&said](const char* option) { return said.value(int(said.indexOf(QLatin1String(option))) + 1); };
  EXPECT_EQ(said.first(), QStringLiteral("train"));
  EXPECT_EQ(valueOf("--raster"), mRaster->source());
  EXPECT_EQ(valueOf("--labels"), QStringLiteral("labels.gpkg|labels"));
  EXPECT_EQ(valueOf("--as"), QStringLiteral("ship"));
  EXPECT_EQ(valueOf("--status-field"), QStringLiteral("review"));
  EXPECT_EQ(valueOf("--minutes"), QStringLiteral("3"));
  EXPECT_FALSE(said.contains(QStringLiteral("--model"))) << "the starter";
  EXPECT_FALSE(said.contains(QStringLiteral("--label-field")));
}

TEST_F(Training, WritesTheLabelsInTheirOwnPlace) {
  ui::TrainingWishes wishes;
  wishes.labels = mLabels;
  wishes.selectedOnly = true;
  const QString path = mFolder.filePath(QStringLiteral("labels.gpkg"));
  try {
    writeLabels(wishes, path);
    FAIL() << "nothing is selected";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
  }
  mLabels->selectByIds({mIds[0], mIds[2]});
  writeLabels(wishes, path);
  const QgsVectorLayer written(path + QStringLiteral("|layername=labels"), QStringLiteral("labels"), QStringLiteral("ogr"));
  ASSERT_TRUE(written.isValid());
  EXPECT_EQ(written.featureCount(), 2);
  EXPECT_EQ(written.crs().authid(), QStringLiteral("EPSG:32631"));
  EXPECT_GE(written.fields().lookupField(QStringLiteral("label")), 0);
}

TEST_F(Training, TheJobTellsProgressLossAndResult) {
  TrainJob* training = job("ship");
  QSignalSpy progressed(training, &TrainJob::progressed);
  QJsonObject result;
  bool ended = false;
  QObject::connect(training, &TrainJob::ended, training, [&] {
    EXPECT_TRUE(training->failure().isEmpty()) << training->failure().toStdString();
    result = training->result();
    ended = true;
  });
  QSignalSpy end(training, &TrainJob::ended);
  QgsApplication::taskManager()->addTask(training);
  ASSERT_TRUE(hasEnded(end));
  ASSERT_TRUE(ended);
  ASSERT_GE(progressed.count(), 5);
  EXPECT_GT(progressed.first()[2].toDouble(), progressed[4][2].toDouble()) << "the loss";
  EXPECT_GT(progressed.first()[3].toDouble(), 0) << "seconds left";
  const QString text = figuresText(result);
  EXPECT_TRUE(text.contains(QStringLiteral("ship"))) << text.toStdString();
  EXPECT_TRUE(text.contains(QStringLiteral("0.25")) && text.contains(QStringLiteral("0.50"))) << text.toStdString();
}

TEST_F(Training, TheJobSaysWhatTheChildComplainedOf) {
  TrainJob* training = job("nothing");
  QString failure;
  QObject::connect(training, &TrainJob::ended, training, [&] { failure = training->failure(); });
  QSignalSpy end(training, &TrainJob::ended);
  QgsApplication::taskManager()->addTask(training);
  ASSERT_TRUE(hasEnded(end));
  EXPECT_EQ(failure, QStringLiteral("the label 'nothing' is no class of this model"));
}

TEST_F(Training, CancelEndsTheChildAtOnce) {
  qputenv("ORTHOSCRIBE_FAKE_FOLDER", mFolder.path().toUtf8());
  QFile delay(mFolder.filePath(QStringLiteral("delay_ms")));
  ASSERT_TRUE(delay.open(QIODevice::WriteOnly));
  delay.write("60000");
  delay.close();
  TrainJob* training = job("ship");
  bool cancelled = false;
  QObject::connect(training, &TrainJob::ended, training, [&] { cancelled = training->wasCancelled(); });
  QSignalSpy end(training, &TrainJob::ended);
  QgsApplication::taskManager()->addTask(training);
  QEventLoop().processEvents(QEventLoop::AllEvents, 300);
  QElapsedTimer elapsed;
  elapsed.start();
  training->cancel();
  ASSERT_TRUE(hasEnded(end));
  EXPECT_TRUE(cancelled);
  EXPECT_LT(elapsed.elapsed(), 10'000);
  qunsetenv("ORTHOSCRIBE_FAKE_FOLDER");
}

TEST_F(Training, ReviewsACopyAndLeavesTheDetectionsAlone) {
  mLabels->selectByIds({mIds[3]});
  QgsVectorLayer* review = reviewLayerOf(*mLabels);
  ASSERT_NE(review, nullptr);
  EXPECT_NE(review, mLabels);
  EXPECT_EQ(mLabels->fields().lookupField(reviewField()), -1);
  EXPECT_EQ(review->featureCount(), 4);
  EXPECT_EQ(review->crs(), mLabels->crs());
  EXPECT_EQ(markSelected(*review, Review::Rejected), 1);
  EXPECT_EQ(reviewLayerOf(*review), review) << "once is enough";
  int rejected = 0;
  QgsFeature feature;
  for (QgsFeatureIterator all = review->getFeatures(); all.nextFeature(feature);) {
    if (feature.attribute(reviewField()).toString() != QStringLiteral("rejected")) continue;
    ++rejected;
    EXPECT_EQ(feature.attribute(QStringLiteral("label")).toString(), QStringLiteral("pier"));
  }
  EXPECT_EQ(rejected, 1);
  review->removeSelection();
  EXPECT_EQ(markSelected(*review, Review::Accepted), 0);
}

TEST_F(Training, OffersWhatWasTrainedAndWhatTheOptionsName) {
  qputenv("XDG_DATA_HOME", mFolder.path().toUtf8());
  const auto makeExpert = [](const QString& folder, bool whole) {
    QDir().mkpath(folder);
    QFile file(QDir(folder).filePath(QStringLiteral("adapter_config.json")));
    EXPECT_TRUE(!whole || file.open(QIODevice::WriteOnly));
  };
  makeExpert(expertsFolder() + QStringLiteral("/roofs"), true);
  makeExpert(expertsFolder() + QStringLiteral("/unfinished"), false);
  makeExpert(mFolder.filePath(QStringLiteral("theirs/boats")), true);
  makeExpert(mFolder.filePath(QStringLiteral("theirs/roofs")), true);
  const QStringList folders =
      expertFolders({mFolder.filePath(QStringLiteral("theirs/boats")), mFolder.filePath(QStringLiteral("theirs/roofs"))});
  EXPECT_EQ(expertNames(folders), QStringList({QStringLiteral("roofs"), QStringLiteral("boats")}));
  EXPECT_TRUE(folders.first().startsWith(expertsFolder()));
  qunsetenv("XDG_DATA_HOME");
}

}  // namespace
}  // namespace orthoscribe::plugin
