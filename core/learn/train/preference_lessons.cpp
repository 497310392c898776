// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/preference_lessons.h"

#include <algorithm>
#include <array>
#include <numeric>
#include <span>

#include "core/learn/data/object_targets.h"

namespace orthoscribe::learn {
namespace {

using Objects = std::vector<model::ProposedObject>;

constexpr std::size_t kMostObjects = 64;    // of a list in a pair; with fewer, long lists were broken off after the stage
constexpr std::size_t kMostFalse = 3;       // false objects that a worse list goes on with
constexpr double kShareStoppedEarly = 0.3;  // of worse lists that could as well go on too long
constexpr int kMostCounted = 40;

std::string listText(int objectClass, std::span<const model::ProposedObject> objects) {
  std::vector<std::array<int, 5>> numbers;
  for (const model::ProposedObject& object : objects) numbers.push_back(model::spokenNumbers(object));
  return detectAnswer(objectClass, numbers);
}

class PreferenceMaker {
 public:
  PreferenceMaker(const ViewFacts& facts, const Objects& objects, const std::vector<float>& sceneShares)
      : facts_(facts), objects_(objects), sceneShares_(sceneShares), random_(facts.seed + 7) {}

  std::vector<PreferencePair> make(std::size_t limit) {
    for (int objectClass = 0; objectClass < static_cast<int>(kObjectClassCount); ++objectClass) {
      if (!facts_.sample->boxesKnown[static_cast<std::size_t>(objectClass)] || !facts_.sample->shapesKnown) continue;
      addLists(objectClass);
      addCount(objectClass);
    }
    addScene();
    addPresence();
    std::shuffle(pairs_.begin(), pairs_.end(), random_);
    // Boxes first: they are what the stage is for.
    std::ranges::stable_partition(pairs_, [](const PreferencePair& pair) { return pair.chosen.question.starts_with("Detect:"); });
    if (pairs_.size() > limit) pairs_.resize(limit);
    return std::move(pairs_);
  }

 private:
  void add(QuestionAnswer chosen, std::string rejected) {
    if (chosen.answer != rejected) pairs_.push_back({std::move(chosen), std::move(rejected)});
  }

  void addLists(int objectClass) {
    const Objects found = objectsOfClass(objects_, objectClass);
    const std::size_t worth = worthSaying(found, facts_.boxes, objectClass);
    if (found.empty() || worth > kMostObjects) return;
    const std::span<const model::ProposedObject> list(found);
    const QuestionAnswer chosen{plainDetectQuestion(objectClass), listText(objectClass, list.first(worth))};
    const bool canGoOn = found.size() > worth;
    if (canGoOn && (worth == 0 || uniform(random_, 0, 1) >= kShareStoppedEarly)) {
      const std::size_t more = 1 + random_() % std::min(kMostFalse, found.size() - worth);
      add(chosen, listText(objectClass, list.first(worth + more)));
    } else if (worth > 0) {
      add(chosen, listText(objectClass, list.first(worth - 1)));
    }
    addForeignObject(objectClass, chosen, list.first(worth));
  }

  // The last object's place is taken by one of another class.
  void addForeignObject(int objectClass, const QuestionAnswer& chosen, std::span<const model::ProposedObject> said) {
    const auto foreign =
        std::ranges::find_if(objects_, [&](const model::ProposedObject& object) { return object.objectClass != objectClass; });
    if (said.empty() || foreign == objects_.end()) return;
    Objects wrong(said.begin(), said.end());
    wrong.back() = *foreign;
    add(chosen, listText(objectClass, wrong));
  }

  void addCount(int objectClass) {
    const auto count = static_cast<int>(
        std::ranges::count_if(facts_.boxes, [&](const LabelledBox& box) { return box.objectClass == objectClass; }));
    const auto listed = static_cast<int>(objectsOfClass(objects_, objectClass).size());
    if (count > kMostCounted || (count == 0 && listed == 0)) return;
    const int beside = count + (count == 0 || uniform(random_, 0, 1) < 0.5 ? 1 : -1);
    const int wrong = listed != count && listed <= kMostCounted ? listed : beside;
    add(countQuestion(objectClass, count, random_), std::to_string(wrong));
  }

  void addScene() {
    if (!facts_.sample->scene || sceneShares_.empty()) return;
    std::vector<int> order(sceneShares_.size());
    std::iota(order.begin(), order.end(), 0);
    std::erase(order, *facts_.sample->scene);
    const int wrong =
        *std::ranges::max_element(order, {}, [&](int scene) { return sceneShares_[static_cast<std::size_t>(scene)]; });
    add(sceneQuestion(*facts_.sample->scene, random_), std::string(kScenes[static_cast<std::size_t>(wrong)]));
  }

  void addPresence() {
    const std::size_t attribute = random_() % kAttributeCount;
    const Truth truth = facts_.sample->attributes[attribute];
    if (truth == Truth::Unknown) return;
    const bool present = truth == Truth::Yes;
    add(presenceQuestion(attributeWords(attribute), present, random_), present ? "no" : "yes");
  }

  const ViewFacts& facts_;
  const Objects& objects_;
  const std::vector<float>& sceneShares_;
  Random random_;
  std::vector<PreferencePair> pairs_;
};

}  // namespace

std::vector<PreferencePair> makePreferences(const ViewFacts& facts, const Objects& objects, const std::vector<float>& sceneShares,
                                            std::size_t limit) {
  return PreferenceMaker(facts, objects, sceneShares).make(limit);
}

}  // namespace orthoscribe::learn
