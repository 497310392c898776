// SPDX-License-Identifier: GPL-2.0-or-later
// Trains an expert in the background: the program `orthoscribe train --raster ... --json` as a child.
#pragma once

#include <qgstaskmanager.h>

#include <QJsonObject>
#include <QStringList>
#include <atomic>
#include <memory>

class QTemporaryDir;

namespace orthoscribe::plugin {

class TrainJob : public QgsTask {
  Q_OBJECT

 public:
  // arguments: of `program`, "train" first. kept: files that the child reads, removed with the job; may be null.
  TrainJob(const QString& name, const QString& program, const QStringList& arguments, std::unique_ptr<QTemporaryDir> kept);
  ~TrainJob() override;

  // Any thread. The child is told to end, and ended when it does not within a second.
  void cancel() override;
  bool wasCancelled() const { return mCancelled; }
  // After ended(): for people, empty when all went well or it was cancelled.
  const QString& failure() const { return mFailure; }
  // {"before": {class: figures}, "after": ...} as core/learn/layer_training/expert_card.h has them; empty without success.
  const QJsonObject& result() const { return mResult; }

 Q_SIGNALS:
  // fraction: 0..1; loss: below 0 while unknown; secondsLeft: below 0 while unknown.
  void progressed(double fraction, const QString& message, double loss, double secondsLeft);
  void ended();

 protected:
  bool run() override;
  void finished(bool result) override;

 private:
  void takeLine(const QByteArray& line);

  QString mProgram;
  QStringList mArguments;
  std::unique_ptr<QTemporaryDir> mKept;
  std::atomic<bool> mCancelled = false;
  QString mFailure;
  QJsonObject mResult;
};

}  // namespace orthoscribe::plugin
