// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/engine_status_bar.h"

#include <qgsapplication.h>

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QStyle>
#include <QToolButton>

namespace orthoscribe::ui {
namespace {

QString iconName(EngineLight light) {
  switch (light) {
    case EngineLight::Ready:
      return QStringLiteral("/mIconSuccess.svg");
    case EngineLight::Failed:
      return QStringLiteral("/mIconWarning.svg");
    case EngineLight::Asleep:
    case EngineLight::Busy:
      break;
  }
  return QStringLiteral("/mIconInfo.svg");
}

}  // namespace

EngineStatusBar::EngineStatusBar(QWidget* parent)
    : QWidget(parent),
      mIcon(new QLabel(this)),
      mText(new QLabel(this)),
      mBusy(new QProgressBar(this)),
      mStartButton(new QToolButton(this)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  mText->setObjectName(QStringLiteral("engineText"));
  mText->setWordWrap(true);
  mText->setSizePolicy(QSizePolicy::Policy::Ignored, QSizePolicy::Policy::Preferred);
  mBusy->setRange(0, 0);
  mBusy->setTextVisible(false);
  mBusy->setMaximumWidth(fontMetrics().averageCharWidth() * 10);
  mBusy->setMaximumHeight(fontMetrics().height());
  mStartButton->setObjectName(QStringLiteral("engineStartButton"));
  mStartButton->setText(tr("Start"));
  mStartButton->setToolTip(tr("Start the engine now; otherwise it starts on first use"));
  auto* settings = new QToolButton(this);
  settings->setIcon(QgsApplication::getThemeIcon(QStringLiteral("/mActionOptions.svg")));
  settings->setAutoRaise(true);
  settings->setToolTip(tr("Choose the model, its device or a server"));
  settings->setAccessibleName(tr("Orthoscribe options"));
  row->addWidget(mIcon);
  row->addWidget(mText, 1);
  row->addWidget(mBusy);
  row->addWidget(mStartButton);
  row->addWidget(settings);
  connect(mStartButton, &QToolButton::clicked, this, &EngineStatusBar::startWanted);
  connect(settings, &QToolButton::clicked, this, &EngineStatusBar::settingsWanted);
  show(EngineLight::Asleep, tr("The engine starts on first use"), QString());
}

void EngineStatusBar::show(EngineLight light, const QString& text, const QString& detail) {
  const int side = style()->pixelMetric(QStyle::PixelMetric::PM_SmallIconSize, nullptr, this);
  mIcon->setPixmap(QgsApplication::getThemeIcon(iconName(light)).pixmap(side, side));
  mText->setText(text);
  mText->setToolTip(detail.isEmpty() ? text : detail);
  mBusy->setVisible(light == EngineLight::Busy);
  mStartButton->setVisible(light == EngineLight::Asleep || light == EngineLight::Failed);
  mStartButton->setText(light == EngineLight::Failed ? tr("Start Again") : tr("Start"));
}

}  // namespace orthoscribe::ui
