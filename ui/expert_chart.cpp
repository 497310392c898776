// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/expert_chart.h"

#include <QLocale>
#include <QPainter>
#include <QStringList>
#include <algorithm>

namespace orthoscribe::ui {
namespace {

constexpr int kGapPx = 2;

}  // namespace

ExpertChart::ExpertChart(QWidget* parent) : QWidget(parent) {
  setObjectName(QStringLiteral("expertChart"));
  setAccessibleName(tr("Use of the experts"));
  setSizePolicy(QSizePolicy::Policy::Preferred, QSizePolicy::Policy::Fixed);
  hide();
}

void ExpertChart::setUse(const QList<double>& shares, double evenness) {
  mShares = shares;
  setVisible(!shares.isEmpty());
  QStringList lines;
  const QLocale locale;
  for (qsizetype expert = 0; expert < shares.size(); ++expert) {
    //: %1 is the number of an expert, %2 a share in percent
    lines.append(tr("Expert %1: %2 %").arg(locale.toString(expert + 1), locale.toString(100.0 * shares[expert], 'f', 1)));
  }
  lines.append(tr("Evenness of the chosen: %1").arg(locale.toString(evenness, 'f', 2)));
  setToolTip(lines.join(QLatin1Char('\n')));
  // What the bars show must be there without seeing them too.
  setAccessibleDescription(lines.join(QStringLiteral(", ")));
  updateGeometry();
  update();
}

QSize ExpertChart::sizeHint() const {
  const int side = fontMetrics().height();
  return {static_cast<int>(mShares.size()) * (side + kGapPx), 2 * side};
}

void ExpertChart::paintEvent(QPaintEvent* /*event*/) {
  if (mShares.isEmpty()) return;
  QPainter painter(this);
  const double most = std::max(1e-9, *std::max_element(mShares.begin(), mShares.end()));
  const int step = fontMetrics().height() + kGapPx;
  for (qsizetype expert = 0; expert < mShares.size(); ++expert) {
    const QRect column(static_cast<int>(expert) * step, 0, step - kGapPx, height());
    painter.fillRect(column, palette().color(QPalette::ColorRole::AlternateBase));
    QRect bar = column;
    bar.setTop(height() - static_cast<int>(height() * std::clamp(mShares[expert] / most, 0.0, 1.0)));
    painter.fillRect(bar, palette().color(QPalette::ColorRole::Highlight));
  }
}

}  // namespace orthoscribe::ui
