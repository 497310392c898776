// SPDX-License-Identifier: GPL-2.0-or-later
// One line that says how the model's engine is: asleep, starting, ready and on which device, or failed and why.
#pragma once

#include <QWidget>

class QLabel;
class QProgressBar;
class QToolButton;

namespace orthoscribe::ui {

enum class EngineLight { Asleep, Busy, Ready, Failed };

class EngineStatusBar : public QWidget {
  Q_OBJECT

 public:
  explicit EngineStatusBar(QWidget* parent = nullptr);
  // text: one line for people; detail: shown as tooltip, may be empty.
  void show(EngineLight light, const QString& text, const QString& detail);

 Q_SIGNALS:
  void startWanted();
  void settingsWanted();

 private:
  QLabel* mIcon;
  QLabel* mText;
  QProgressBar* mBusy;
  QToolButton* mStartButton;
};

}  // namespace orthoscribe::ui
