// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/train_job.h"

#include <QJsonDocument>
#include <QProcess>
#include <QTemporaryDir>

#include "plugin/messages.h"

namespace orthoscribe::plugin {
namespace {

constexpr int kPollMs = 100;
constexpr int kEndPatienceMs = 1000;
constexpr qsizetype kLastWordsKept = 4000;

// The line in which the program says what went wrong comes last.
QString reasonFrom(const QByteArray& words) {
  const QList<QByteArray> lines = words.trimmed().split('\n');
  QString reason = QString::fromUtf8(lines.last()).trimmed();
  const QString prefix = QStringLiteral("orthoscribe: ");
  return reason.startsWith(prefix) ? reason.mid(prefix.size()) : reason;
}

void endChild(QProcess& child) {
  child.terminate();
  if (child.waitForFinished(kEndPatienceMs)) return;
  child.kill();
  child.waitForFinished(kEndPatienceMs);
}

}  // namespace

TrainJob::TrainJob(const QString& name, const QString& program, const QStringList& arguments, std::unique_ptr<QTemporaryDir> kept)
    : QgsTask(tr("Training the expert %1").arg(name), QgsTask::CanCancel | QgsTask::Silent),
      mProgram(program),
      mArguments(arguments),
      mKept(std::move(kept)) {}

TrainJob::~TrainJob() = default;

void TrainJob::cancel() {
  mCancelled = true;
  QgsTask::cancel();
}

bool TrainJob::run() {
  QProcess child;
  QByteArray lastWords;
  child.start(mProgram, mArguments);
  if (!child.waitForStarted()) {
    mFailure = tr("%1 cannot be started: %2").arg(mProgram, child.errorString());
    return false;
  }
  const auto drain = [&] {
    while (child.canReadLine()) takeLine(child.readLine());
    lastWords = (lastWords + child.readAllStandardError()).right(int(kLastWordsKept));
  };
  while (!mCancelled && !child.waitForFinished(kPollMs)) {
    drain();
    if (child.state() == QProcess::ProcessState::NotRunning) break;
  }
  if (mCancelled) {
    endChild(child);
    return false;
  }
  drain();
  if (child.exitStatus() == QProcess::ExitStatus::NormalExit && child.exitCode() == 0 && !mResult.isEmpty()) return true;
  mFailure = lastWords.trimmed().isEmpty() ? tr("the training ended unexpectedly") : reasonFrom(lastWords);
  log(description() + QStringLiteral(": ") + mFailure, Qgis::MessageLevel::Warning);
  return false;
}

void TrainJob::takeLine(const QByteArray& line) {
  const QJsonObject said = QJsonDocument::fromJson(line).object();
  if (!said.contains(QLatin1String("progress"))) return;
  const double fraction = said.value(QLatin1String("progress")).toDouble();
  setProgress(100.0 * fraction);
  if (said.contains(QLatin1String("result"))) mResult = said.value(QLatin1String("result")).toObject();
  Q_EMIT progressed(fraction, said.value(QLatin1String("message")).toString(), said.value(QLatin1String("loss")).toDouble(-1.0),
                    said.value(QLatin1String("secondsLeft")).toDouble(-1.0));
}

void TrainJob::finished(bool) {
  Q_EMIT ended();
}

}  // namespace orthoscribe::plugin
