// SPDX-License-Identifier: GPL-2.0-or-later
// One QGIS application for all tests of this program, without a display and with a profile of its own.
#include <gtest/gtest.h>
#include <qgsapplication.h>

#include <QTemporaryDir>

namespace {

class QgisEnvironment : public ::testing::Environment {
 public:
  void SetUp() override {
    qputenv("QT_QPA_PLATFORM", "offscreen");
    qputenv("QGIS_CUSTOM_CONFIG_PATH", mProfile.path().toUtf8());
    mApplication = std::make_unique<QgsApplication>(mCount, mArguments, true, mProfile.path());
    QgsApplication::setPrefixPath(QStringLiteral(ORTHOSCRIBE_QGIS_PREFIX), true);
    QgsApplication::init(mProfile.path());
    QgsApplication::initQgis();
  }

  void TearDown() override {
    QgsApplication::exitQgis();
    mApplication.reset();
  }

 private:
  QTemporaryDir mProfile;
  int mCount = 1;
  char mName[5] = "test";
  char* mArguments[2] = {mName, nullptr};
  std::unique_ptr<QgsApplication> mApplication;
};

// Owned by GoogleTest.
const auto* const kEnvironment = ::testing::AddGlobalTestEnvironment(new QgisEnvironment);

}  // namespace
