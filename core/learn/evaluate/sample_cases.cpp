// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>

#include "core/learn/data/question.h"
#include "core/learn/evaluate/exam_case.h"

namespace orthoscribe::learn {
namespace {

constexpr int kShortAnswer = 24;
constexpr int kDescription = 160;
constexpr int kBoxes = 1024;

class SampleAsker {
 public:
  SampleAsker(const Sample& sample, const tasks::Dialect& dialect, std::vector<ExamCase>& cases)
      : sample_(sample), dialect_(dialect), cases_(cases) {}

  void askAll() {
    if (sample_.scene)
      ask("classification", "", "What kind of scene is this?", std::string(kScenes[static_cast<std::size_t>(*sample_.scene)]));
    for (std::size_t index = 0; index < kAttributeCount; ++index) {
      if (sample_.attributes[index] != Truth::Unknown)
        ask("vqa", "presence", "Are there any " + std::string(attributeWords(index)) + "?",
            sample_.attributes[index] == Truth::Yes ? "yes" : "no");
    }
    if (!sample_.boxes.empty()) askCounts();
    if (!sample_.caption.empty()) askDescription();
    for (std::size_t index = 0; index < kObjectClassCount; ++index) {
      if (sample_.boxesKnown[index]) askBoxes(static_cast<int>(index));
    }
  }

 private:
  ExamCase& add(const std::string& task, const std::string& type, const std::string& question) {
    ExamCase& one = cases_.emplace_back();
    one.id = sample_.name + "#" + std::to_string(cases_.size());
    one.picture = sample_.name;
    one.task = task;
    one.type = type;
    one.question = question;
    one.image = [&sample = sample_] { return sample.image; };
    return one;
  }

  void ask(const std::string& task, const std::string& type, const std::string& question, const std::string& truth) {
    ExamCase& one = add(task, type, question);
    one.truth = truth;
    one.maxTokens = kShortAnswer;
    one.messages = [&sample = sample_, &dialect = dialect_, question] { return dialect.askMessages(question, sample.image); };
  }

  void askCounts() {
    for (std::size_t index = 0; index < kObjectClassCount; ++index) {
      if (!sample_.boxesKnown[index]) continue;
      const auto count = std::count_if(sample_.boxes.begin(), sample_.boxes.end(),
                                       [&](const LabelledBox& box) { return box.objectClass == static_cast<int>(index); });
      ask("vqa", "count", "How many " + std::string(wordingOf(static_cast<int>(index)).plural) + " are there?",
          std::to_string(count));
    }
  }

  void askDescription() {
    ExamCase& one = add("caption", "", "Describe this image.");
    one.maxTokens = kDescription;
    // All that people wrote of the picture is one description: CIDEr-D takes the mean over references, so its first sentence
    // beside it would cost every full answer half.
    one.truth = sample_.detail.empty() ? sample_.caption : sample_.caption + " " + sample_.detail;
    one.references = {one.truth};
    one.messages = [&sample = sample_, &dialect = dialect_] { return dialect.describeMessages(sample.image); };
  }

  void askBoxes(int objectClass) {
    const std::string label(kObjectClasses[static_cast<std::size_t>(objectClass)]);
    ExamCase& one = add("detection", "", plainDetectQuestion(objectClass));
    one.maxTokens = kBoxes;
    one.classes = {label};
    for (const LabelledBox& box : sample_.boxes) {
      if (box.objectClass == objectClass) one.objects.push_back({label, geo::corners(box.box), box.difficult});
    }
    one.messages = [&sample = sample_, &dialect = dialect_, label] { return dialect.detectMessages({label}, sample.image); };
  }

  const Sample& sample_;
  const tasks::Dialect& dialect_;
  std::vector<ExamCase>& cases_;
};

}  // namespace

std::vector<ExamCase> sampleCases(const std::vector<Sample>& samples, const tasks::Dialect& dialect) {
  std::vector<ExamCase> cases;
  for (const Sample& sample : samples) SampleAsker(sample, dialect, cases).askAll();
  return cases;
}

}  // namespace orthoscribe::learn
