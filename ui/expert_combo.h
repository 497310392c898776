// SPDX-License-Identifier: GPL-2.0-or-later
// Which trained expert (an adapter) answers: the model as it is set up, the bare one, or one of those that are offered.
#pragma once

#include <QComboBox>
#include <QStringList>

namespace orthoscribe::ui {

class ExpertCombo : public QComboBox {
  Q_OBJECT

 public:
  explicit ExpertCombo(QWidget* parent = nullptr);

  // The choice stays where it is still offered; otherwise it falls back to the model's default.
  void setExperts(const QStringList& names);
  // Empty: the default; "none": the bare model; else a name.
  QString expert() const;
  // Kept until it is offered, for an engine that is just being started.
  void setExpert(const QString& name);

 private:
  QString mWanted;
};

}  // namespace orthoscribe::ui
