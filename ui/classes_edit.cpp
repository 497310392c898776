// SPDX-License-Identifier: GPL-2.0-or-later
#include "ui/classes_edit.h"

#include <qgsfilterlineedit.h>

#include <QCompleter>
#include <QHBoxLayout>
#include <QMenu>
#include <QRegularExpression>
#include <QStringListModel>
#include <QToolButton>

namespace orthoscribe::ui {
namespace {

// Completes the name being typed at the end of the list, keeping those before it.
class LastNameCompleter : public QCompleter {
 public:
  LastNameCompleter(QAbstractItemModel* model, QLineEdit* edit) : QCompleter(model, edit), mEdit(edit) {
    setCaseSensitivity(Qt::CaseSensitivity::CaseInsensitive);
  }

  QStringList splitPath(const QString& path) const override {
    return {path.mid(path.lastIndexOf(QLatin1Char(',')) + 1).trimmed()};
  }

  QString pathFromIndex(const QModelIndex& index) const override {
    const QString text = mEdit->text();
    const auto comma = text.lastIndexOf(QLatin1Char(','));
    const QString name = QCompleter::pathFromIndex(index);
    return comma < 0 ? name : text.left(comma) + QStringLiteral(", ") + name;
  }

 private:
  QLineEdit* mEdit;
};

}  // namespace

ClassesEdit::ClassesEdit(QWidget* parent)
    : QWidget(parent),
      mEdit(new QgsFilterLineEdit(this)),
      mButton(new QToolButton(this)),
      mMenu(new QMenu(this)),
      mCompletions(new QStringListModel(this)) {
  auto* row = new QHBoxLayout(this);
  row->setContentsMargins(0, 0, 0, 0);
  row->addWidget(mEdit, 1);
  row->addWidget(mButton);
  setFocusProxy(mEdit);
  mEdit->setObjectName(QStringLiteral("classesEdit"));
  mEdit->setAccessibleName(tr("Objects to find"));
  mEdit->setPlaceholderText(tr("for example airplane, storage tank"));
  mEdit->setToolTip(tr("Names of the objects to find, separated by commas"));
  mEdit->setCompleter(new LastNameCompleter(mCompletions, mEdit));
  mButton->setText(tr("Known"));
  mButton->setToolTip(tr("Objects that the model was trained to find"));
  mButton->setPopupMode(QToolButton::ToolButtonPopupMode::InstantPopup);
  mButton->setMenu(mMenu);
  mButton->setEnabled(false);
  connect(mEdit, &QLineEdit::textChanged, this, &ClassesEdit::classesChanged);
  connect(mEdit, &QLineEdit::returnPressed, this, &ClassesEdit::submitted);
  connect(mMenu, &QMenu::aboutToShow, this, &ClassesEdit::fillMenu);
}

QStringList ClassesEdit::classes() const {
  static const QRegularExpression separators(QStringLiteral("[,;\\n]"));
  QStringList names;
  for (const QString& part : mEdit->text().split(separators)) {
    const QString name = part.simplified();
    if (!name.isEmpty() && !names.contains(name, Qt::CaseSensitivity::CaseInsensitive)) names.append(name);
  }
  return names;
}

void ClassesEdit::setClasses(const QStringList& classes) {
  mEdit->setText(classes.join(QStringLiteral(", ")));
}

void ClassesEdit::setSuggestions(const QStringList& names) {
  mSuggestions = names;
  mCompletions->setStringList(names);
  mButton->setEnabled(!names.isEmpty());
}

void ClassesEdit::fillMenu() {
  mMenu->clear();
  const QStringList chosen = classes();
  for (const QString& name : std::as_const(mSuggestions)) {
    QAction* entry = mMenu->addAction(name);
    entry->setCheckable(true);
    entry->setChecked(chosen.contains(name, Qt::CaseSensitivity::CaseInsensitive));
    connect(entry, &QAction::toggled, this, [this, name](bool wanted) { toggle(name, wanted); });
  }
  mMenu->addSeparator();
  connect(mMenu->addAction(tr("All")), &QAction::triggered, this, [this] { setClasses(mSuggestions); });
}

void ClassesEdit::toggle(const QString& name, bool wanted) {
  QStringList names;
  for (const QString& other : classes()) {
    if (other.compare(name, Qt::CaseSensitivity::CaseInsensitive) != 0) names.append(other);
  }
  if (wanted) names.append(name);
  setClasses(names);
}

}  // namespace orthoscribe::ui
