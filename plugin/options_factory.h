// SPDX-License-Identifier: GPL-2.0-or-later
// Puts Orthoscribe's page into QGIS's options dialog.
#pragma once

#include <qgsoptionswidgetfactory.h>

namespace orthoscribe::ui {
struct OptionsValues;
}

namespace orthoscribe::plugin {

class OptionsFactory : public QgsOptionsWidgetFactory {
  Q_OBJECT

 public:
  OptionsFactory();
  QgsOptionsPageWidget* createWidget(QWidget* parent = nullptr) const override;

  // Object name of the page, by which the dialog can be opened at it.
  static QString pageName() { return QStringLiteral("orthoscribeOptions"); }

 Q_SIGNALS:
  void applied(const orthoscribe::ui::OptionsValues& values) const;
};

}  // namespace orthoscribe::plugin
