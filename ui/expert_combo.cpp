// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/expert_combo.h"

namespace orthoscribe::ui {

ExpertCombo::ExpertCombo(QWidget* parent) : QComboBox(parent) {
  // A long name must not make the dock wide.
  setSizeAdjustPolicy(QComboBox::SizeAdjustPolicy::AdjustToMinimumContentsLengthWithIcon);
  setMinimumContentsLength(8);
  setExperts({});
  connect(this, qOverload<int>(&QComboBox::activated), this, [this] { mWanted = expert(); });
}

void ExpertCombo::setExperts(const QStringList& names) {
  const QSignalBlocker blocker(this);
  clear();
  addItem(tr("Default"), QString());
  addItem(tr("None"), QStringLiteral("none"));
  for (const QString& name : names) addItem(name, name);
  setCurrentIndex(qMax(0, findData(mWanted)));
}

QString ExpertCombo::expert() const {
  return currentData().toString();
}

void ExpertCombo::setExpert(const QString& name) {
  mWanted = name;
  setCurrentIndex(qMax(0, findData(mWanted)));
}

}  // namespace orthoscribe::ui
