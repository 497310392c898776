// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/engine_process.h"

#include <qgsapplication.h>
#include <qgstaskmanager.h>

#include <QJsonDocument>
#include <QJsonObject>
#include <QNetworkProxy>
#include <QNetworkReply>
#include <QProcessEnvironment>
#include <QRandomGenerator>

#include "core/base/error.h"
#include "plugin/endpoint_token.h"
#include "plugin/engine_program.h"
#include "plugin/experts.h"
#include "plugin/info_job.h"
#include "plugin/messages.h"

namespace orthoscribe::plugin {
namespace {

constexpr int kHealthIntervalMs = 200;
constexpr int kHealthTimeoutMs = 3000;
constexpr int kPatienceMs = 600'000;  // large models load for minutes
constexpr int kStopPatienceMs = 3000;
constexpr qsizetype kLastWordsBytes = 2000;

QByteArray randomToken() {
  std::array<quint32, 8> words{};
  QRandomGenerator::system()->fillRange(words.data(), words.size());
  return QByteArray(reinterpret_cast<const char*>(words.data()), int(sizeof(words))).toHex();
}

QString lastLineOf(const QByteArray& text) {
  const QList<QByteArray> lines = text.trimmed().split('\n');
  return QString::fromUtf8(lines.isEmpty() ? QByteArray() : lines.last().trimmed());
}

}  // namespace

EngineProcess::EngineProcess(QObject* parent) : QObject(parent), mGate(std::make_shared<EngineGate>()) {
  // The engine listens on the loopback interface; a proxy configured for the network must not see the token.
  mNetwork.setProxy(QNetworkProxy(QNetworkProxy::ProxyType::NoProxy));
  mHealthTimer.setInterval(kHealthIntervalMs);
  mHealthTimer.setSingleShot(true);
  connect(&mHealthTimer, &QTimer::timeout, this, &EngineProcess::pollHealth);
  mGate->setOwner([this] { QMetaObject::invokeMethod(this, &EngineProcess::start, Qt::ConnectionType::QueuedConnection); });
}

EngineProcess::~EngineProcess() {
  mGate->setOwner(nullptr);
  endChild();
}

qint64 EngineProcess::processId() const {
  return mChild ? mChild->processId() : 0;
}

void EngineProcess::setOptions(const ui::OptionsValues& options) {
  if (options == mOptions) return;
  stop();
  mOptions = options;
}

void EngineProcess::start() {
  if (mStatus.state == EngineState::Ready) {
    return;
  }
  if (mStatus.state == EngineState::Starting || mStatus.state == EngineState::Loading) return;
  mStarted.start();
  setStatus({.state = EngineState::Starting, .model = {}, .device = {}, .reason = {}, .classes = {}});
  try {
    if (mOptions.remote && !mOptions.url.isEmpty()) {
      mEndpoint = {.url = mOptions.url.toStdString(),
                   .token = bearerTokenOf(mOptions.authConfig),
                   .model = mOptions.serverModel.toStdString()};
      askForInfo();
    } else {
      startChild();
    }
  } catch (const std::exception& error) {
    fail(QString::fromUtf8(error.what()));
  }
}

void EngineProcess::startChild() {
  const QString program = findEngineProgram(mOptions.program);
  const QByteArray token = randomToken();
  mEndpoint = {.url = {}, .token = token.toStdString(), .model = {}};
  mOutput.clear();
  mLastWords.clear();

  mChild = std::make_unique<QProcess>();
  QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
  environment.insert(QStringLiteral("ORTHOSCRIBE_TOKEN"), QString::fromLatin1(token));
  mChild->setProcessEnvironment(environment);
  connect(mChild.get(), &QProcess::readyReadStandardOutput, this, &EngineProcess::readAnnouncement);
  connect(mChild.get(), &QProcess::readyReadStandardError, this,
          [this] { mLastWords = (mLastWords + mChild->readAllStandardError()).right(int(kLastWordsBytes)); });
  connect(mChild.get(), &QProcess::errorOccurred, this, &EngineProcess::childFailedToStart);
  connect(mChild.get(), qOverload<int, QProcess::ExitStatus>(&QProcess::finished), this, &EngineProcess::childEnded);

  QStringList arguments = {QStringLiteral("serve"), QStringLiteral("--with-parent")};
  if (!mOptions.model.isEmpty()) arguments << QStringLiteral("--model") << mOptions.model;
  for (const QString& folder : expertFolders(mOptions.adapters)) arguments << QStringLiteral("--offer") << folder;
  if (!mOptions.device.isEmpty()) arguments << QStringLiteral("--device") << mOptions.device;
  log(tr("Starting %1 %2").arg(program, arguments.join(QLatin1Char(' '))));
  mChild->start(program, arguments);
}

void EngineProcess::readAnnouncement() {
  mOutput += mChild->readAllStandardOutput();
  if (!mEndpoint.url.empty()) return;
  const auto end = mOutput.indexOf('\n');
  if (end < 0) return;
  const QJsonObject said = QJsonDocument::fromJson(mOutput.left(end)).object();
  const QString url = said.value(QLatin1String("url")).toString();
  if (url.isEmpty()) {
    endChild();
    fail(tr("the engine did not say where it listens, but \u201c%1\u201d").arg(QString::fromUtf8(mOutput.left(end))));
    return;
  }
  mEndpoint.url = url.toStdString();
  setStatus({.state = EngineState::Loading,
             .model = said.value(QLatin1String("model")).toString(),
             .device = {},
             .reason = {},
             .classes = {}});
  pollHealth();
}

void EngineProcess::pollHealth() {
  if (mStatus.state != EngineState::Loading) return;
  QNetworkRequest request(QUrl(QString::fromStdString(mEndpoint.url) + QStringLiteral("/health")));
  request.setRawHeader("Authorization", QByteArray("Bearer ") + QByteArray::fromStdString(mEndpoint.token));
  request.setTransferTimeout(kHealthTimeoutMs);
  QNetworkReply* reply = mNetwork.get(request);
  connect(reply, &QNetworkReply::finished, this, [this, reply] {
    reply->deleteLater();
    readHealth(reply);
  });
}

void EngineProcess::readHealth(QNetworkReply* reply) {
  if (mStatus.state != EngineState::Loading) return;
  const QJsonObject health = QJsonDocument::fromJson(reply->readAll()).object();
  const QString said = health.value(QLatin1String("status")).toString();
  if (reply->error() == QNetworkReply::NetworkError::NoError && said != QLatin1String("loading")) {
    askForInfo();  // when loading failed, this brings the reason
  } else if (mStarted.elapsed() > kPatienceMs) {
    endChild();
    fail(tr("the engine was not ready within %n minute(s)", nullptr, kPatienceMs / 60'000));
  } else {
    mHealthTimer.start();
  }
}

void EngineProcess::askForInfo() {
  auto* job = new InfoJob(mEndpoint);
  mInfoJob = job;
  const auto current = [this, job] {
    return mInfoJob == job && (mStatus.state == EngineState::Loading || mStatus.state == EngineState::Starting);
  };
  connect(job, &QgsTask::taskCompleted, this, [this, job, current] {
    if (current()) becomeReady(job->info());
  });
  connect(job, &QgsTask::taskTerminated, this, [this, job, current] {
    if (!current()) return;
    endChild();
    fail(job->failure());
  });
  QgsApplication::taskManager()->addTask(job);
}

void EngineProcess::becomeReady(const ModelInfo& info) {
  if (mEndpoint.model.empty()) mEndpoint.model = info.name;
  EngineStatus status{.state = EngineState::Ready,
                      .model = QString::fromStdString(info.name),
                      .device = QString::fromStdString(info.device),
                      .reason = {},
                      .classes = {}};
  for (const std::string& name : info.classes) status.classes.append(QString::fromStdString(name));
  for (const std::string& name : info.offeredAdapters) status.experts.append(QString::fromStdString(name));
  log(tr("Ready after %1 s: %2 %3").arg(double(mStarted.elapsed()) / 1000.0, 0, 'f', 1).arg(status.model, status.device));
  setStatus(status);
  mGate->open({.endpoint = mEndpoint, .info = info});
}

void EngineProcess::childFailedToStart(QProcess::ProcessError error) {
  if (error != QProcess::ProcessError::FailedToStart) return;  // the others are told by finished()
  const QString reason = tr("%1 cannot be started: %2").arg(mChild->program(), mChild->errorString());
  mChild.release()->deleteLater();
  fail(reason);
}

void EngineProcess::childEnded(int exitCode, QProcess::ExitStatus exitStatus) {
  mLastWords += mChild->readAllStandardError();
  const QString words = lastLineOf(mLastWords);
  const QString how =
      exitStatus == QProcess::ExitStatus::CrashExit ? tr("was killed or crashed") : tr("ended with exit code %1").arg(exitCode);
  const QString reason = words.isEmpty() ? tr("the engine %1").arg(how) : tr("the engine %1: %2").arg(how, words);
  // We are inside a signal of this object.
  mChild.release()->deleteLater();
  mHealthTimer.stop();
  fail(reason);
  Q_EMIT crashed(reason);
}

void EngineProcess::endChild() {
  mHealthTimer.stop();
  if (mInfoJob) mInfoJob->cancel();
  mInfoJob.clear();
  if (!mChild) return;
  mChild->disconnect(this);
  mChild->terminate();
  if (!mChild->waitForFinished(kStopPatienceMs)) {
    mChild->kill();
    mChild->waitForFinished(kStopPatienceMs);
  }
  mChild.release()->deleteLater();
}

void EngineProcess::stop() {
  endChild();
  mGate->reset();
  setStatus({});
}

void EngineProcess::restart() {
  stop();
  start();
}

void EngineProcess::fail(const QString& reason) {
  log(reason, Qgis::MessageLevel::Warning);
  setStatus({.state = EngineState::Failed, .model = {}, .device = {}, .reason = reason, .classes = {}});
  mGate->fail(reason.toStdString());
}

void EngineProcess::setStatus(EngineStatus status) {
  mStatus = std::move(status);
  Q_EMIT statusChanged(mStatus);
}

}  // namespace orthoscribe::plugin
