// SPDX-License-Identifier: GPL-2.0-or-later
// One question with its answer and the place it was about.
#pragma once

#include <QFrame>
#include <QList>
#include <QPair>

class QImage;
class QLabel;
class QToolButton;
class QVBoxLayout;

namespace orthoscribe::ui {

class ExpertChart;

class ConversationEntry : public QFrame {
  Q_OBJECT

 public:
  // place: what was looked at, in words: "view of airport.tif".
  ConversationEntry(const QString& question, const QString& place, QWidget* parent = nullptr);

  QString question() const;
  QString answer() const { return mAnswer; }
  void appendAnswer(const QString& text);
  // note: what else is to be said of the answer, "stopped" for example; may be empty.
  void finish(const QString& note);
  void fail(const QString& message);
  void setThumbnail(const QImage& image);
  // A part that the model looked at closer, of this size in words.
  void addStep(const QString& size);
  // Names and texts of what the answer was made of; shown when its button is pressed. None: no button.
  void setAspects(const QList<QPair<QString, QString>>& aspects);
  void setExpertUse(const QList<double>& shares, double evenness);

 Q_SIGNALS:
  void placeWanted();
  void stepWanted(int step);

 private:
  void showAnswer(bool growing);

  QString mAnswer;
  QLabel* mQuestionLabel;
  QLabel* mAnswerLabel;
  QLabel* mNoteLabel;
  QToolButton* mPlaceButton;
  QVBoxLayout* mStepRows;
  QToolButton* mAspectsButton;
  QLabel* mAspectsLabel;
  ExpertChart* mExpertChart;
};

}  // namespace orthoscribe::ui
