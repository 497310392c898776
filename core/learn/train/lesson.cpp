// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/lesson.h"

#include <algorithm>

#include "core/learn/data/object_targets.h"

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kMostDetections = 2;  // of classes that are there: their answers are long
constexpr int kClasses = static_cast<int>(kObjectClassCount);

struct ClassFacts {
  int objectClass = 0;
  std::vector<model::ProposedObject> said;  // what a detection should name
  int count = 0;
  bool counted = true;
};

std::vector<std::array<int, 5>> numbersOf(const std::vector<model::ProposedObject>& objects) {
  std::vector<std::array<int, 5>> numbers;
  for (const model::ProposedObject& object : objects) numbers.push_back(model::spokenNumbers(object));
  return numbers;
}

ClassFacts drawnFacts(const std::vector<model::ProposedObject>& objects, int objectClass) {
  ClassFacts facts{.objectClass = objectClass, .said = objectsOfClass(objects, objectClass)};
  std::erase_if(facts.said, [](const model::ProposedObject& object) { return object.score < kDrawnObjectScore; });
  facts.count = static_cast<int>(facts.said.size());
  return facts;
}

ClassFacts trueFacts(const ViewFacts& view, const std::vector<model::ProposedObject>& objects, int objectClass) {
  ClassFacts facts{.objectClass = objectClass, .said = objectsOfClass(objects, objectClass)};
  facts.said.resize(worthSaying(facts.said, view.boxes, objectClass));
  facts.count = static_cast<int>(std::count_if(view.boxes.begin(), view.boxes.end(),
                                               [&](const LabelledBox& box) { return box.objectClass == objectClass; }));
  // Beyond a few dozen the list is not complete, and nobody trusts a count by eye either.
  facts.counted = facts.count <= 40;
  return facts;
}

class LessonMaker {
 public:
  LessonMaker(const ViewFacts& view, const std::vector<model::ProposedObject>& objects)
      : view_(view), objects_(objects), random_(view.seed) {}

  std::vector<QuestionAnswer> make() {
    sortClasses();
    if (view_.sample->scene) lesson_.push_back(sceneQuestion(*view_.sample->scene, random_));
    addDescription();
    addDetections();
    addCounts();
    if (!view_.drawnObjects) addAttributes();
    return std::move(lesson_);
  }

 private:
  void sortClasses() {
    for (int objectClass = 0; objectClass < kClasses; ++objectClass) {
      const bool known =
          view_.drawnObjects || (view_.sample->boxesKnown[static_cast<std::size_t>(objectClass)] && view_.sample->shapesKnown);
      if (!known) continue;
      ClassFacts facts = view_.drawnObjects ? drawnFacts(objects_, objectClass) : trueFacts(view_, objects_, objectClass);
      (facts.count > 0 || !facts.said.empty() ? present_ : absent_).push_back(std::move(facts));
    }
    std::shuffle(present_.begin(), present_.end(), random_);
    std::shuffle(absent_.begin(), absent_.end(), random_);
  }

  void addDescription() {
    const Sample& sample = *view_.sample;
    if (sample.caption.empty() || view_.drawnObjects) return;
    if (view_.upright || !speaksOfDirections(sample.caption + sample.detail))
      lesson_.push_back(describeQuestion(sample.caption, sample.detail, random_));
  }

  void addDetection(const ClassFacts& facts) {
    lesson_.push_back({detectQuestion(facts.objectClass, random_), detectAnswer(facts.objectClass, numbersOf(facts.said))});
  }

  void addDetections() {
    for (std::size_t index = 0; index < std::min<std::size_t>(present_.size(), kMostDetections); ++index)
      addDetection(present_[index]);
    if (!absent_.empty()) addDetection(absent_.front());
  }

  void addCounts() {
    for (std::size_t index = 0; index < std::min<std::size_t>(present_.size(), 2); ++index) {
      if (present_[index].counted) lesson_.push_back(countQuestion(present_[index].objectClass, present_[index].count, random_));
      lesson_.push_back(presenceQuestion(wordingOf(present_[index].objectClass).plural, present_[index].count > 0, random_));
    }
    if (absent_.empty()) return;
    if (uniform(random_, 0, 1) < 0.4) lesson_.push_back(countQuestion(absent_.back().objectClass, 0, random_));
    if (uniform(random_, 0, 1) < 0.5)
      lesson_.push_back(presenceQuestion(wordingOf(absent_.back().objectClass).plural, false, random_));
  }

  void addAttributes() {
    std::vector<std::size_t> yes;
    std::vector<std::size_t> no;
    for (std::size_t index = 0; index < kAttributeCount; ++index) {
      if (view_.sample->attributes[index] == Truth::Yes) yes.push_back(index);
      if (view_.sample->attributes[index] == Truth::No) no.push_back(index);
    }
    if (!yes.empty()) lesson_.push_back(presenceQuestion(attributeWords(yes[random_() % yes.size()]), true, random_));
    if (!no.empty()) lesson_.push_back(presenceQuestion(attributeWords(no[random_() % no.size()]), false, random_));
  }

  const ViewFacts& view_;
  const std::vector<model::ProposedObject>& objects_;
  Random random_;
  std::vector<ClassFacts> present_, absent_;
  std::vector<QuestionAnswer> lesson_;
};

}  // namespace

std::vector<QuestionAnswer> makeLesson(const ViewFacts& facts, const std::vector<model::ProposedObject>& objects) {
  return LessonMaker(facts, objects).make();
}

}  // namespace orthoscribe::learn
