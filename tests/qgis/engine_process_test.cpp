// SPDX-License-Identifier: GPL-2.0-or-later
// The engine as the plugin's child: started on demand, told apart from one that crashed, and gone with its owner.
#include <gmock/gmock.h>
#include <signal.h>

#include <QElapsedTimer>
#include <QEventLoop>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QThread>
#include <thread>

#include "core/base/error.h"
#include "plugin/engine_process.h"
#include "plugin/engine_program.h"

namespace orthoscribe::plugin {
namespace {

bool waitUntil(const std::function<bool()>& condition) {
  QElapsedTimer elapsed;
  elapsed.start();
  while (!condition() && elapsed.elapsed() < 30'000) QEventLoop().processEvents(QEventLoop::WaitForMoreEvents, 20);
  return condition();
}

bool isAlive(qint64 process) {
  return kill(pid_t(process), 0) == 0;
}

class Engine : public ::testing::Test {
 protected:
  void SetUp() override {
    if (system("python3 --version > /dev/null 2>&1") != 0) GTEST_SKIP() << "no Python to run the fake engine with";
    mOptions.program = QStringLiteral(ORTHOSCRIBE_FAKE_ENGINE);
    mEngine = std::make_unique<EngineProcess>();
    mEngine->setOptions(mOptions);
  }
  bool becomes(EngineState state) {
    return waitUntil([&] { return mEngine->status().state == state; });
  }
  ui::OptionsValues mOptions;
  std::unique_ptr<EngineProcess> mEngine;
};

TEST_F(Engine, StartsWhenAJobAsksForItAndEndsWithItsOwner) {
  EXPECT_EQ(mEngine->status().state, EngineState::Stopped);
  ModelInfo info;
  std::thread job([gate = mEngine->gate(), &info] { info = gate->await({}).info; });
  ASSERT_TRUE(becomes(EngineState::Ready)) << mEngine->status().reason.toStdString();
  job.join();
  EXPECT_EQ(info.name, "fake");
  EXPECT_EQ(mEngine->status().device, QStringLiteral("cpu"));
  EXPECT_THAT(info.classes, ::testing::ElementsAre("airplane", "ship"));
  const qint64 process = mEngine->processId();
  ASSERT_TRUE(isAlive(process));
  mEngine.reset();
  EXPECT_FALSE(isAlive(process));
}

TEST_F(Engine, TellsACrashAndCanBeStartedAgain) {
  QSignalSpy crashed(mEngine.get(), &EngineProcess::crashed);
  mEngine->start();
  ASSERT_TRUE(becomes(EngineState::Ready)) << mEngine->status().reason.toStdString();
  const qint64 first = mEngine->processId();
  kill(pid_t(first), SIGKILL);
  ASSERT_TRUE(becomes(EngineState::Failed));
  EXPECT_EQ(crashed.count(), 1);
  // On the main thread too, where Processing may run.
  EXPECT_EQ(mEngine->gate()->await({}).info.name, "fake");
  EXPECT_NE(mEngine->processId(), first);
}

TEST_F(Engine, NamesAProgramThatIsNone) {
  mOptions.program = QStringLiteral("/nowhere/orthoscribe");
  mEngine->setOptions(mOptions);
  mEngine->start();
  ASSERT_TRUE(becomes(EngineState::Failed));
  EXPECT_TRUE(mEngine->status().reason.contains(QStringLiteral("/nowhere/orthoscribe")))
      << mEngine->status().reason.toStdString();
}

TEST_F(Engine, TellsWhatAProgramSaidThatEndedAtOnce) {
  QTemporaryDir folder;
  const QString program = folder.filePath(QStringLiteral("broken"));
  QFile file(program);
  ASSERT_TRUE(file.open(QIODevice::WriteOnly));
  file.write("#!/bin/sh\necho 'orthoscribe: config.json is missing' >&2\nexit 1\n");
  file.close();
  file.setPermissions(file.permissions() | QFile::ExeOwner);
  mOptions.program = program;
  mEngine->setOptions(mOptions);
  mEngine->start();
  ASSERT_TRUE(becomes(EngineState::Failed));
  EXPECT_TRUE(mEngine->status().reason.contains(QStringLiteral("config.json is missing")))
      << mEngine->status().reason.toStdString();
}

TEST_F(Engine, WaitersAreWokenByCancelAndByTheEndOfTheOwner) {
  mOptions.program = QStringLiteral("/bin/cat");  // starts, and never says where it listens
  mEngine->setOptions(mOptions);
  CancelSource cancel;
  std::atomic<int> woken = 0;
  const auto wait = [gate = mEngine->gate(), &woken](const CancelToken& token, ErrorCode expected) {
    try {
      gate->await(token);
    } catch (const Error& error) {
      woken += error.code() == expected;
    }
  };
  std::thread cancelled([&] { wait(cancel.token(), ErrorCode::Cancelled); });
  cancel.cancel();
  cancelled.join();
  EXPECT_EQ(woken, 1);
  std::thread orphan([&] { wait({}, ErrorCode::Unavailable); });
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  mEngine.reset();
  orphan.join();
  EXPECT_EQ(woken, 2);
}

}  // namespace
}  // namespace orthoscribe::plugin
