// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/exam.h"

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <optional>

#include "core/learn/data/question.h"
#include "core/learn/data/view.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::learn {
namespace {

constexpr int kMaxShortAnswerTokens = 24;
constexpr int kMaxBoxTokens = 1024;
constexpr const char* kSceneQuestion = "What kind of scene is this?";

std::string lettersOf(std::string_view text) {
  std::string letters;
  for (const char letter : text) {
    if (std::isalpha(static_cast<unsigned char>(letter)))
      letters += static_cast<char>(std::tolower(static_cast<unsigned char>(letter)));
  }
  return letters;
}

std::optional<int> numberIn(std::string_view text) {
  const auto digit = std::find_if(text.begin(), text.end(), [](unsigned char letter) { return std::isdigit(letter) != 0; });
  if (digit == text.end()) return std::nullopt;
  int number = 0;
  const char* begin = text.data() + (digit - text.begin());
  if (std::from_chars(begin, text.data() + text.size(), number).ec != std::errc()) return std::nullopt;
  return number;
}

bool saysYes(std::string_view text) {
  return lettersOf(text).starts_with("yes");
}

std::vector<geo::Point> outline(const geo::Quad& quad) {
  return {quad.begin(), quad.end()};
}

const tasks::Dialect& dialectOf(VisionLanguageModel& model) {
  const ModelInfo info = model.info();
  return tasks::dialectFor(info);
}

// One model, one sample after another.
class Examiner {
 public:
  Examiner(VisionLanguageModel& model, const ExamOptions& options, const CancelToken& cancel)
      : model_(model), options_(options), cancel_(cancel), dialect_(dialectOf(model)) {}

  void take(const Sample& sample, std::int64_t number) {
    if (options_.scenes && sample.scene) askScene(sample);
    if (options_.questions) {
      askAttributes(sample);
      askObjects(sample);
    }
    if (options_.boxes) askBoxes(sample, number);
  }

  ExamResult finish() {
    if (result_.counts.asked > 0) result_.countError /= result_.counts.asked;
    result_.boxes = averagePrecision(truths_, found_, true);
    return result_;
  }

 private:
  std::string chat(const std::vector<Message>& messages, int maxTokens) {
    cancel_.throwIfCancelled();
    GenerationOptions generation;
    generation.maxNewTokens = maxTokens;
    const Reply reply = model_.chat(messages, generation, {}, cancel_);
    cancel_.throwIfCancelled();
    return reply.text;
  }

  std::string ask(const Sample& sample, const std::string& question) {
    return chat(dialect_.askMessages(question, sample.image), kMaxShortAnswerTokens);
  }

  void askScene(const Sample& sample) {
    const bool right = sceneInText(ask(sample, kSceneQuestion)) == *sample.scene;
    const std::string name(kScenes[static_cast<std::size_t>(*sample.scene)].words);
    Score& ofClass = result_.sceneByClass[name];
    for (Score* score : {&result_.scene, &ofClass}) {
      ++score->asked;
      score->right += right ? 1 : 0;
    }
  }

  void askPresence(const Sample& sample, std::string_view plural, bool present) {
    const bool right = saysYes(ask(sample, "Are there any " + std::string(plural) + "?")) == present;
    ++result_.presence.asked;
    result_.presence.right += right ? 1 : 0;
    if (!present) return;
    ++result_.presentOnes.asked;
    result_.presentOnes.right += right ? 1 : 0;
  }

  void askAttributes(const Sample& sample) {
    for (std::size_t index = 0; index < kAttributeCount; ++index) {
      if (sample.attributes[index] != Truth::Unknown)
        askPresence(sample, attributeWords(index), sample.attributes[index] == Truth::Yes);
    }
  }

  void askObjects(const Sample& sample) {
    if (sample.boxes.empty()) return;
    for (std::size_t index = 0; index < kObjectClassCount; ++index) {
      if (!sample.boxesKnown[index]) continue;
      const auto count = std::count_if(sample.boxes.begin(), sample.boxes.end(),
                                       [&](const LabelledBox& box) { return box.objectClass == static_cast<int>(index); });
      askCount(sample, static_cast<int>(index), static_cast<int>(count));
    }
  }

  void askCount(const Sample& sample, int objectClass, int count) {
    const int said = numberIn(ask(sample, "How many " + std::string(wordingOf(objectClass).plural) + " are there?")).value_or(0);
    ++result_.counts.asked;
    result_.counts.right += said == count ? 1 : 0;
    result_.countError += std::abs(said - count);
    if (count == 0) return;
    ++result_.countsNonZero.asked;
    result_.countsNonZero.right += said == count ? 1 : 0;
  }

  void askBoxes(const Sample& sample, std::int64_t number) {
    const auto frame = dialect_.frameOf(sample.image.width, sample.image.height);
    for (std::size_t index = 0; index < kObjectClassCount; ++index) {
      if (!sample.boxesKnown[index]) continue;
      const std::vector<std::string> classes = {std::string(kObjectClasses[index])};
      const std::string text = chat(dialect_.detectMessages(classes, sample.image), kMaxBoxTokens);
      const tasks::ParsedAnswer answer = dialect_.parse(text, frame, classes, true);
      ++result_.boxQuestions;
      result_.droppedLines += answer.dropped;
      for (const tasks::SpokenBox& box : answer.boxes) found_.push_back({number, classes.front(), outline(box.quad), 1});
      for (const LabelledBox& labelled : sample.boxes) {
        if (labelled.objectClass == static_cast<int>(index))
          truths_.push_back({number, classes.front(), outline(geo::corners(labelled.box)), labelled.difficult});
      }
    }
  }

  VisionLanguageModel& model_;
  const ExamOptions& options_;
  const CancelToken& cancel_;
  const tasks::Dialect& dialect_;
  ExamResult result_;
  std::vector<TrueObject> truths_;
  std::vector<FoundObject> found_;
};

}  // namespace

int sceneInText(std::string_view text) {
  const std::string letters = lettersOf(text);
  for (std::size_t scene = 0; scene < kSceneCount; ++scene) {
    if (letters == lettersOf(kScenes[scene].words)) return static_cast<int>(scene);
  }
  return -1;
}

ExamResult examine(VisionLanguageModel& model, const std::vector<Sample>& samples, const ExamOptions& options,
                   const ProgressCallback& progress, const CancelToken& cancel) {
  Examiner examiner(model, options, cancel);
  for (std::size_t number = 0; number < samples.size(); ++number) {
    examiner.take(samples[number], static_cast<std::int64_t>(number));
    if (progress) progress({static_cast<std::int64_t>(number) + 1, static_cast<std::int64_t>(samples.size()), "pictures", ""});
  }
  return examiner.finish();
}

}  // namespace orthoscribe::learn
