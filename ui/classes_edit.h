// SPDX-License-Identifier: GPL-2.0-or-later
// Names of objects to look for: free text separated by commas, completed from the names the model was trained on.
#pragma once

#include <QStringList>
#include <QWidget>

class QgsFilterLineEdit;
class QMenu;
class QStringListModel;
class QToolButton;

namespace orthoscribe::ui {

class ClassesEdit : public QWidget {
  Q_OBJECT

 public:
  explicit ClassesEdit(QWidget* parent = nullptr);

  // As typed, without blanks around names, empty names and repetitions (compared without case).
  QStringList classes() const;
  void setClasses(const QStringList& classes);
  void setSuggestions(const QStringList& names);

 Q_SIGNALS:
  void classesChanged();
  void submitted();

 private:
  void fillMenu();
  void toggle(const QString& name, bool wanted);

  QgsFilterLineEdit* mEdit;
  QToolButton* mButton;
  QMenu* mMenu;
  QStringListModel* mCompletions;
  QStringList mSuggestions;
};

}  // namespace orthoscribe::ui
