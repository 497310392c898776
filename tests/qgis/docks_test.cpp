// SPDX-License-Identifier: GPL-2.0-or-later
#include <gmock/gmock.h>
#include <qgsfilterlineedit.h>
#include <qgsmaplayer.h>
#include <qgsmaplayercombobox.h>

#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QImage>
#include <QLabel>
#include <QPixmap>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>

#include "tests/qgis/widget_part.h"
#include "ui/ask_dock.h"
#include "ui/classes_edit.h"
#include "ui/detect_dock.h"
#include "ui/expert_chart.h"
#include "ui/expert_combo.h"

namespace orthoscribe::ui {
namespace {

TEST(ClassesEdit, ReadsNamesApartFromBlanksAndRepetitions) {
  ClassesEdit edit;
  part<QLineEdit>(edit, "classesEdit")->setText(QStringLiteral(" airplane , storage   tank;Airplane,, ship "));
  EXPECT_EQ(edit.classes(), QStringList({QStringLiteral("airplane"), QStringLiteral("storage tank"), QStringLiteral("ship")}));
}

TEST(ExpertChart, SaysWhatItsBarsShow) {
  AskDock dock;
  const int entry = dock.addEntry(QStringLiteral("Is there water?"), QStringLiteral("View of harbour"));
  auto* chart = part<ExpertChart>(dock, "expertChart");
  EXPECT_TRUE(chart->isHidden());
  dock.setExpertUse(entry, {0.5, 0.3, 0.15, 0.05}, 0.8);
  EXPECT_FALSE(chart->isHidden());
  EXPECT_EQ(chart->shares().size(), 4);
  EXPECT_TRUE(chart->toolTip().contains(QStringLiteral("Expert 2: 30")));
  EXPECT_EQ(chart->accessibleDescription().count(QStringLiteral("Expert")), 4);
  // The first bar is full, the last one nearly empty.
  chart->resize(chart->sizeHint());
  const QImage picture = chart->grab().toImage();
  const int step = chart->fontMetrics().height() + 2;
  const QColor full = picture.pixelColor(step / 3, 2);
  EXPECT_NE(picture.pixelColor(3 * step + step / 3, 2), full);
  EXPECT_EQ(picture.pixelColor(step / 3, picture.height() - 2), full);
  dock.setExpertUse(entry, {}, 0.0);
  EXPECT_TRUE(chart->isHidden());
}

TEST(AskDock, AsksByEnterAndShowsTheGrowingAnswer) {
  AskDock dock;
  EXPECT_EQ(dock.objectName(), QStringLiteral("OrthoscribeAskDock"));
  QSignalSpy asked(&dock, &AskDock::askWanted);
  auto* question = part<QgsFilterLineEdit>(dock, "questionEdit");
  auto* button = part<QPushButton>(dock, "askButton");
  EXPECT_FALSE(button->isEnabled());
  question->setText(QStringLiteral("Is there water?"));
  EXPECT_TRUE(button->isEnabled());
  Q_EMIT question->returnPressed();
  ASSERT_EQ(asked.count(), 1);
  EXPECT_EQ(asked.first().first().toString(), QStringLiteral("Is there water?"));
  EXPECT_TRUE(question->text().isEmpty());

  const int first = dock.addEntry(QStringLiteral("Is there water?"), QStringLiteral("View of harbour"));
  const int second = dock.addEntry(QStringLiteral("And ships?"), QStringLiteral("View of harbour"));
  dock.setBusy(true);
  EXPECT_TRUE(button->isHidden());
  EXPECT_FALSE(part<QPushButton>(dock, "stopButton")->isHidden());
  dock.appendAnswer(first, QStringLiteral("Yes, "));
  dock.appendAnswer(first, QStringLiteral("a lot."));
  dock.appendAnswer(second, QStringLiteral("Two."));
  dock.finishEntry(first, {});
  const auto answers = dock.findChildren<QLabel*>(QStringLiteral("answerLabel"));
  ASSERT_EQ(answers.size(), 2);
  EXPECT_EQ(answers[0]->text(), QStringLiteral("Yes, a lot."));
  EXPECT_TRUE(answers[1]->text().startsWith(QStringLiteral("Two.")));
}

TEST(AskDock, IgnoresAnswersToAClearedConversation) {
  AskDock dock;
  const int entry = dock.addEntry(QStringLiteral("What is this?"), QStringLiteral("Map view"));
  part<QPushButton>(dock, "clearButton")->click();
  dock.appendAnswer(entry, QStringLiteral("late"));
  dock.finishEntry(entry, {});
  dock.failEntry(entry + 100, QStringLiteral("never asked"));
  EXPECT_FALSE(part<QLabel>(dock, "emptyLabel")->isHidden());
}

TEST(AskDock, OffersStepsAndClasses) {
  AskDock dock;
  EXPECT_EQ(dock.earlierLayer(), nullptr);
  QSignalSpy steps(&dock, &AskDock::stepWanted);
  const int entry = dock.addEntry(QStringLiteral("What is it?"), QStringLiteral("Map view"));
  dock.addStep(entry, QStringLiteral("60 x 40 m"));
  dock.addStep(entry, QStringLiteral("20 x 10 m"));
  dock.addStep(entry + 100, QStringLiteral("never asked"));
  const auto buttons = dock.findChildren<QToolButton*>(QStringLiteral("stepButton"));
  ASSERT_EQ(buttons.size(), 2);
  EXPECT_TRUE(buttons[1]->text().contains(QStringLiteral("20 x 10 m")));
  buttons[1]->click();
  ASSERT_EQ(steps.count(), 1);
  EXPECT_EQ(steps.first(), QList<QVariant>({entry, 1}));

  QSignalSpy classes(&dock, &AskDock::classifyWanted);
  auto* button = part<QPushButton>(dock, "classifyButton");
  button->click();
  part<QgsFilterLineEdit>(dock, "questionEdit")->setText(QStringLiteral(" forest,, golf  course "));
  button->click();
  ASSERT_EQ(classes.count(), 2);
  EXPECT_EQ(classes[0].first().toStringList(), QStringList());
  EXPECT_EQ(classes[1].first().toStringList(), QStringList({QStringLiteral("forest"), QStringLiteral("golf course")}));
  dock.setBusy(true);
  EXPECT_FALSE(button->isEnabled());
}

TEST(AskDock, FoldsAwayWhatADescriptionWasMadeOf) {
  AskDock dock;
  EXPECT_FALSE(dock.byAspects());
  part<QCheckBox>(dock, "aspectsCheck")->setChecked(true);
  EXPECT_TRUE(dock.byAspects());
  const int entry = dock.addEntry(QStringLiteral("Describe this area"), QStringLiteral("View of harbour"));
  auto* button = part<QToolButton>(dock, "aspectsButton");
  auto* label = part<QLabel>(dock, "aspectsLabel");
  EXPECT_TRUE(button->isHidden());
  dock.setAspects(entry,
                  {{QStringLiteral("Theme"), QStringLiteral("A port.")}, {QStringLiteral("Objects"), QStringLiteral("Ships.")}});
  EXPECT_FALSE(button->isHidden());
  EXPECT_TRUE(label->isHidden());
  button->click();
  EXPECT_FALSE(label->isHidden());
  EXPECT_EQ(label->text(), QStringLiteral("Theme: A port.\n\nObjects: Ships."));
  button->click();
  EXPECT_TRUE(label->isHidden());
  dock.setAspects(entry, {});
  EXPECT_TRUE(button->isHidden());
}

TEST(DetectDock, FindsByDescriptionToo) {
  DetectDock dock;
  dock.setClasses({QStringLiteral("ship")});
  auto* start = part<QPushButton>(dock, "startButton");
  EXPECT_TRUE(dock.phrase().isEmpty());
  part<QComboBox>(dock, "modeCombo")->setCurrentIndex(1);
  EXPECT_FALSE(start->isEnabled());
  EXPECT_TRUE(part<QLineEdit>(dock, "classesEdit")->parentWidget()->isHidden());
  part<QLineEdit>(dock, "phraseEdit")->setText(QStringLiteral(" the ship  at the pier "));
  EXPECT_TRUE(start->isEnabled());
  EXPECT_EQ(dock.phrase(), QStringLiteral("the ship at the pier"));
  part<QComboBox>(dock, "modeCombo")->setCurrentIndex(0);
  EXPECT_TRUE(dock.phrase().isEmpty()) << "kinds of objects are meant";
}

TEST(DetectDock, StartsOnlyWithSomethingToFind) {
  DetectDock dock;
  EXPECT_EQ(dock.objectName(), QStringLiteral("OrthoscribeDetectDock"));
  QSignalSpy wanted(&dock, &DetectDock::detectWanted);
  auto* start = part<QPushButton>(dock, "startButton");
  EXPECT_FALSE(start->isEnabled());
  dock.setClasses({QStringLiteral("ship")});
  EXPECT_TRUE(start->isEnabled());
  start->click();
  EXPECT_EQ(wanted.count(), 1);
  dock.setBusy(true);
  EXPECT_TRUE(start->isHidden());
  EXPECT_FALSE(part<QPushButton>(dock, "cancelButton")->isHidden());
}

TEST(DetectDock, OffersTheWholeLayerOnlyWhereThereIsOne) {
  DetectDock dock;
  const auto* kinds = part<QComboBox>(dock, "kindCombo");
  EXPECT_EQ(dock.layer(), nullptr);
  EXPECT_EQ(kinds->findData(int(AreaKind::Layer)), -1);
  EXPECT_NE(kinds->findData(int(AreaKind::SelectedPolygons)), -1);
}

TEST(DetectDock, GivesResolutionAndOverlapAsChosen) {
  DetectDock dock;
  EXPECT_EQ(dock.resolutionM(), std::nullopt);
  EXPECT_DOUBLE_EQ(dock.overlap(), 0.2);
  auto* resolution = part<QComboBox>(dock, "resolutionCombo");
  resolution->setCurrentIndex(1);
  EXPECT_EQ(dock.resolutionM(), std::optional(0.0));
  resolution->setCurrentIndex(2);
  part<QDoubleSpinBox>(dock, "resolutionSpin")->setValue(0.25);
  EXPECT_EQ(dock.resolutionM(), std::optional(0.25));
}

TEST(DetectDock, MovesTheConfidenceOnlyWhereThereIsOne) {
  DetectDock dock;
  QSignalSpy moved(&dock, &DetectDock::confidenceChanged);
  dock.showResult(QStringLiteral("3 boxes"), false, true);
  auto* slider = part<QSlider>(dock, "confidenceSlider");
  EXPECT_FALSE(slider->isEnabled());
  dock.showResult(QStringLiteral("3 boxes"), true, true);
  EXPECT_TRUE(slider->isEnabled());
  slider->setValue(40);
  ASSERT_EQ(moved.count(), 1);
  EXPECT_DOUBLE_EQ(moved.first().first().toDouble(), 0.4);
  // A new result starts with everything shown, without a signal that would filter it.
  dock.showResult(QStringLiteral("5 boxes"), true, true);
  EXPECT_DOUBLE_EQ(dock.confidence(), 0.0);
  EXPECT_EQ(moved.count(), 1);
}

TEST(ExpertCombo, KeepsTheChoiceWhileItIsOffered) {
  DetectDock dock;
  ExpertCombo* experts = dock.experts();
  EXPECT_TRUE(experts->expert().isEmpty());
  experts->setExpert(QStringLiteral("roofs"));
  EXPECT_TRUE(experts->expert().isEmpty()) << "nobody offers it yet";
  experts->setExperts({QStringLiteral("boats"), QStringLiteral("roofs")});
  EXPECT_EQ(experts->expert(), QStringLiteral("roofs"));
  experts->setExperts({QStringLiteral("boats")});
  EXPECT_TRUE(experts->expert().isEmpty());
  experts->setCurrentIndex(experts->findData(QStringLiteral("none")));
  EXPECT_EQ(experts->expert(), QStringLiteral("none"));
}

}  // namespace
}  // namespace orthoscribe::ui
