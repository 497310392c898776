// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/options_factory.h"

#include <QIcon>

#include "plugin/settings.h"
#include "ui/options_page.h"

namespace orthoscribe::plugin {

OptionsFactory::OptionsFactory()
    : QgsOptionsWidgetFactory(QStringLiteral("Orthoscribe"), QIcon(QStringLiteral(":/orthoscribe/icons/orthoscribe.svg")),
                              QStringLiteral("orthoscribe")) {}

QgsOptionsPageWidget* OptionsFactory::createWidget(QWidget* parent) const {
  auto* page = new ui::OptionsPage(loadOptions(), parent);
  page->setObjectName(pageName());
  connect(page, &ui::OptionsPage::applied, this, [this](const ui::OptionsValues& values) {
    saveOptions(values);
    Q_EMIT applied(values);
  });
  return page;
}

}  // namespace orthoscribe::plugin
