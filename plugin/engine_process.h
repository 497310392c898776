// SPDX-License-Identifier: GPL-2.0-or-later
// Owns the model's engine: the program `orthoscribe serve` as a child process, started on first use, or a server named in the
// options. Main thread; background work meets it through its gate.
#pragma once

#include <QElapsedTimer>
#include <QNetworkAccessManager>
#include <QObject>
#include <QPointer>
#include <QProcess>
#include <QTimer>
#include <memory>

#include "plugin/engine_gate.h"
#include "ui/options_page.h"

namespace orthoscribe::plugin {

class InfoJob;

enum class EngineState { Stopped, Starting, Loading, Ready, Failed };

struct EngineStatus {
  EngineState state = EngineState::Stopped;
  QString model;             // name, when ready
  QString device;            // "cpu", "cuda:0", when ready and the server says so
  QString reason;            // when failed
  QStringList classes;       // what the model was trained to find, when ready
  QStringList experts = {};  // that a request may name, when ready
};

class EngineProcess : public QObject {
  Q_OBJECT

 public:
  explicit EngineProcess(QObject* parent = nullptr);
  // Ends the child; waits at most a few seconds for it.
  ~EngineProcess() override;

  const EngineStatus& status() const { return mStatus; }
  std::shared_ptr<EngineGate> gate() const { return mGate; }
  qint64 processId() const;

  // Nothing happens when it is running or being started.
  void start();
  void stop();
  // Stops and starts it anew, with the experts that lie on this machine by now.
  void restart();
  // Stops it, so that the next use starts it with these options.
  void setOptions(const ui::OptionsValues& options);

 Q_SIGNALS:
  void statusChanged(const orthoscribe::plugin::EngineStatus& status);
  // It was ready, or about to be, and ended without being asked to.
  void crashed(const QString& reason);

 private:
  void startChild();
  void readAnnouncement();
  void pollHealth();
  void readHealth(QNetworkReply* reply);
  void askForInfo();
  void childEnded(int exitCode, QProcess::ExitStatus exitStatus);
  void childFailedToStart(QProcess::ProcessError error);
  void endChild();
  void becomeReady(const ModelInfo& info);
  void fail(const QString& reason);
  void setStatus(EngineStatus status);

  std::shared_ptr<EngineGate> mGate;
  ui::OptionsValues mOptions;
  EngineStatus mStatus;
  client::EndpointOptions mEndpoint;
  std::unique_ptr<QProcess> mChild;
  QByteArray mOutput;
  QByteArray mLastWords;  // the end of the child's standard error
  QNetworkAccessManager mNetwork;
  QTimer mHealthTimer;
  QElapsedTimer mStarted;
  QPointer<InfoJob> mInfoJob;
};

}  // namespace orthoscribe::plugin
