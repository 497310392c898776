// SPDX-License-Identifier: GPL-2.0-or-later
// How much each expert of a mixture had to say in an answer, as one small bar an expert.
#pragma once

#include <QList>
#include <QWidget>

namespace orthoscribe::ui {

class ExpertChart : public QWidget {
  Q_OBJECT

 public:
  explicit ExpertChart(QWidget* parent = nullptr);

  // shares: of the experts in their order, 0..1. evenness: 0 (one of the chosen has it all) .. 1 (the chosen share evenly).
  // Without shares the chart hides.
  void setUse(const QList<double>& shares, double evenness);
  const QList<double>& shares() const { return mShares; }

  QSize sizeHint() const override;

 protected:
  void paintEvent(QPaintEvent* event) override;

 private:
  QList<double> mShares;
};

}  // namespace orthoscribe::ui
