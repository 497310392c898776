// SPDX-License-Identifier: GPL-2.0-or-later
// Orthoscribe's page in the options dialog.
#pragma once

#include <qgsoptionswidgetfactory.h>

#include <QStringList>
#include <memory>

namespace Ui {
class OptionsPage;
}

namespace orthoscribe::ui {

struct OptionsValues {
  QString model;         // folder or name; empty: starter
  QStringList adapters;  // folders of experts to offer, besides those trained here
  QString device;        // "auto", "cpu", "cuda"
  QString program;       // empty: looked for
  bool remote = false;
  QString url;
  QString serverModel;
  QString authConfig;
  QString resultFolder;
  bool operator==(const OptionsValues& other) const = default;
};

class OptionsPage : public QgsOptionsPageWidget {
  Q_OBJECT

 public:
  explicit OptionsPage(const OptionsValues& values, QWidget* parent = nullptr);
  ~OptionsPage() override;

  OptionsValues values() const;
  void apply() override;

 Q_SIGNALS:
  void applied(const orthoscribe::ui::OptionsValues& values);

 private:
  std::unique_ptr<Ui::OptionsPage> mUi;
};

}  // namespace orthoscribe::ui
