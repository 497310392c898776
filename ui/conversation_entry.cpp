// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/conversation_entry.h"

#include <qgsapplication.h>

#include <QGridLayout>
#include <QImage>
#include <QLabel>
#include <QToolButton>
#include <QVBoxLayout>

#include "ui/expert_chart.h"

namespace orthoscribe::ui {
namespace {

QLabel* makeTextLabel(QWidget* parent) {
  auto* label = new QLabel(parent);
  label->setWordWrap(true);
  label->setTextFormat(Qt::TextFormat::PlainText);
  label->setTextInteractionFlags(Qt::TextInteractionFlag::TextSelectableByMouse |
                                 Qt::TextInteractionFlag::TextSelectableByKeyboard);
  // Long words of an answer must not widen the dock.
  label->setSizePolicy(QSizePolicy::Policy::Ignored, QSizePolicy::Policy::Minimum);
  return label;
}

}  // namespace

ConversationEntry::ConversationEntry(const QString& question, const QString& place, QWidget* parent)
    : QFrame(parent),
      mQuestionLabel(makeTextLabel(this)),
      mAnswerLabel(makeTextLabel(this)),
      mNoteLabel(makeTextLabel(this)),
      mPlaceButton(new QToolButton(this)),
      mStepRows(new QVBoxLayout),
      mAspectsButton(new QToolButton(this)),
      mAspectsLabel(makeTextLabel(this)),
      mExpertChart(new ExpertChart(this)) {
  setFrameShape(QFrame::Shape::StyledPanel);
  setBackgroundRole(QPalette::ColorRole::Base);
  setAutoFillBackground(true);
  QFont bold = mQuestionLabel->font();
  bold.setBold(true);
  mQuestionLabel->setFont(bold);
  mQuestionLabel->setText(question);
  mAnswerLabel->setObjectName(QStringLiteral("answerLabel"));
  mAnswerLabel->setText(tr("Waiting for the model"));
  mAnswerLabel->setEnabled(false);
  mNoteLabel->hide();
  QFont italic = mNoteLabel->font();
  italic.setItalic(true);
  mNoteLabel->setFont(italic);

  mPlaceButton->setObjectName(QStringLiteral("placeButton"));
  mPlaceButton->setAutoRaise(true);
  mPlaceButton->setText(place);
  mPlaceButton->setToolTip(tr("Go to this place on the map"));
  mPlaceButton->setIcon(QgsApplication::getThemeIcon(QStringLiteral("/mActionZoomTo.svg")));
  mPlaceButton->setToolButtonStyle(Qt::ToolButtonStyle::ToolButtonTextBesideIcon);
  mPlaceButton->setSizePolicy(QSizePolicy::Policy::Ignored, QSizePolicy::Policy::Fixed);
  connect(mPlaceButton, &QToolButton::clicked, this, &ConversationEntry::placeWanted);

  mAspectsButton->setObjectName(QStringLiteral("aspectsButton"));
  mAspectsButton->setAutoRaise(true);
  mAspectsButton->setCheckable(true);
  mAspectsButton->setText(tr("Aspects"));
  mAspectsButton->setToolTip(tr("Show what the description was made of"));
  mAspectsButton->setToolButtonStyle(Qt::ToolButtonStyle::ToolButtonTextBesideIcon);
  mAspectsButton->setArrowType(Qt::ArrowType::RightArrow);
  mAspectsButton->hide();
  mAspectsLabel->setObjectName(QStringLiteral("aspectsLabel"));
  mAspectsLabel->hide();
  connect(mAspectsButton, &QToolButton::toggled, this, [this](bool open) {
    mAspectsButton->setArrowType(open ? Qt::ArrowType::DownArrow : Qt::ArrowType::RightArrow);
    mAspectsLabel->setVisible(open);
  });

  auto* rows = new QVBoxLayout(this);
  rows->addWidget(mQuestionLabel);
  mStepRows->setSpacing(0);
  rows->addLayout(mStepRows);
  rows->addWidget(mAnswerLabel);
  rows->addWidget(mNoteLabel);
  rows->addWidget(mAspectsButton);
  rows->addWidget(mAspectsLabel);
  rows->addWidget(mExpertChart);
  rows->addWidget(mPlaceButton);
}

QString ConversationEntry::question() const {
  return mQuestionLabel->text();
}

void ConversationEntry::appendAnswer(const QString& text) {
  mAnswer += text;
  showAnswer(true);
}

void ConversationEntry::showAnswer(bool growing) {
  mAnswerLabel->setEnabled(true);
  mAnswerLabel->setText(growing ? mAnswer + QStringLiteral(" \u2026") : mAnswer.trimmed());
}

void ConversationEntry::finish(const QString& note) {
  showAnswer(false);
  mAnswerLabel->setVisible(!mAnswer.trimmed().isEmpty());
  mNoteLabel->setText(mAnswer.trimmed().isEmpty() && note.isEmpty() ? tr("The model gave an empty answer") : note);
  mNoteLabel->setVisible(!mNoteLabel->text().isEmpty());
}

void ConversationEntry::fail(const QString& message) {
  finish(message);
}

void ConversationEntry::addStep(const QString& size) {
  const int step = mStepRows->count();
  auto* button = new QToolButton(this);
  button->setObjectName(QStringLiteral("stepButton"));
  button->setAutoRaise(true);
  button->setText(tr("Looked closer at %1").arg(size));
  button->setToolTip(tr("Go to the part that the model asked to see"));
  button->setIcon(QgsApplication::getThemeIcon(QStringLiteral("/mActionZoomIn.svg")));
  button->setToolButtonStyle(Qt::ToolButtonStyle::ToolButtonTextBesideIcon);
  button->setSizePolicy(QSizePolicy::Policy::Ignored, QSizePolicy::Policy::Fixed);
  connect(button, &QToolButton::clicked, this, [this, step] { Q_EMIT stepWanted(step); });
  mStepRows->addWidget(button);
}

void ConversationEntry::setExpertUse(const QList<double>& shares, double evenness) {
  mExpertChart->setUse(shares, evenness);
}

void ConversationEntry::setAspects(const QList<QPair<QString, QString>>& aspects) {
  QStringList lines;
  for (const auto& [name, text] : aspects) lines << QStringLiteral("%1: %2").arg(name, text);
  mAspectsLabel->setText(lines.join(QStringLiteral("\n\n")));
  mAspectsButton->setVisible(!aspects.isEmpty());
  mAspectsButton->setChecked(false);
}

void ConversationEntry::setThumbnail(const QImage& image) {
  if (image.isNull()) return;
  const int side = fontMetrics().height() * 4;
  const QPixmap picture = QPixmap::fromImage(
      image.scaled(side, side, Qt::AspectRatioMode::KeepAspectRatio, Qt::TransformationMode::SmoothTransformation));
  mPlaceButton->setIcon(picture);
  mPlaceButton->setIconSize(picture.size());
}

}  // namespace orthoscribe::ui
