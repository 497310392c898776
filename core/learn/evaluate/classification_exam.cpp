// SPDX-License-Identifier: GPL-2.0-or-later
// Scene classes by two rules (rsmoe_and_metrics.md section 6.11): the answer contains the class as published evaluations count
// it, and the class is the one that the answer names first.
#include <algorithm>
#include <cctype>
#include <map>
#include <set>

#include "core/base/text_encoding.h"
#include "core/learn/evaluate/task_exam.h"
#include "core/tasks/class_mentions.h"
#include "core/text/unicode.h"

namespace orthoscribe::learn {
namespace {

struct Taken {
  const ExamCase* one;
  std::string answer;
};

std::string bare(std::string_view text) {
  std::string lower = text::lowerCase(repairUtf8(text));
  const auto outer = [](unsigned char byte) { return std::isspace(byte) != 0 || byte == '.'; };
  while (!lower.empty() && outer(static_cast<unsigned char>(lower.back()))) lower.pop_back();
  const auto begin = std::find_if_not(lower.begin(), lower.end(), outer);
  return {begin, lower.end()};
}

struct Judged {
  Score contain;
  Score exact;
  std::map<std::string, Score> byClass;
  std::map<std::string, std::map<std::string, int>> taken;  // truth, answer
  std::vector<const Taken*> wrong;
};

class ClassificationExam final : public TaskExam {
 public:
  explicit ClassificationExam(const ExamSetting& setting) : worstCases_(setting.worstCases) {}

  bool takes(const ExamCase& one) const override { return one.task == "classification"; }
  void take(const ExamCase& one, const Reply& reply) override { taken_.push_back({&one, reply.text}); }
  std::string_view name() const override { return "classification"; }

  ReportSection section() const override {
    const Judged judged = judge();
    ReportSection section;
    section.title = "Scene classification";
    section.headline = {{"class named (exact_label)", judged.exact}};
    section.scores.push_back(
        {.title = "",
         .rows = {{"exact_label", judged.exact}, {"contain", judged.contain}},
         .note = "exact_label: the class that the answer names first, on word borders, the longest of names that "
                 "overlap. contain: the class's name is somewhere in the answer, the rule of published tables."});
    ScoreTable byClass{.title = "By class (exact_label)", .rows = {}};
    for (const auto& [label, score] : judged.byClass) byClass.rows.emplace_back(label, score);
    section.scores.push_back(std::move(byClass));
    section.matrices.push_back(matrix(judged));
    for (const Taken* taken : judged.wrong) {
      if (section.cases.size() == worstCases_) break;
      section.cases.push_back(picturedCase(*taken->one, taken->answer, "another class"));
    }
    return section;
  }

  nlohmann::ordered_json json() const override {
    const Judged judged = judge();
    nlohmann::ordered_json document = {{"exact_label", scoreJson(judged.exact)}, {"contain", scoreJson(judged.contain)}};
    for (const auto& [label, score] : judged.byClass) document["classes"][label] = scoreJson(score);
    return document;
  }

 private:
  Judged judge() const {
    std::set<std::string> names;
    for (const Taken& taken : taken_) names.insert(bare(taken.one->truth));
    const std::vector<std::string> classes(names.begin(), names.end());
    Judged judged;
    for (const Taken& taken : taken_) {
      const std::string truth = bare(taken.one->truth);
      const auto mentions = tasks::classMentions(taken.answer, classes);
      const std::string said = mentions.empty() ? "none" : classes[mentions.front().classIndex];
      judged.contain.add(bare(taken.answer).find(truth) != std::string::npos);
      judged.exact.add(said == truth);
      judged.byClass[truth].add(said == truth);
      ++judged.taken[truth][said];
      if (said != truth) judged.wrong.push_back(&taken);
    }
    return judged;
  }

  static ConfusionMatrix matrix(const Judged& judged) {
    ConfusionMatrix matrix{.title = "What was taken for what", .truths = {}, .answers = {}, .counts = {}};
    for (const auto& [label, score] : judged.byClass) matrix.truths.push_back(label);
    matrix.answers = matrix.truths;
    matrix.answers.emplace_back("none");
    for (const std::string& truth : matrix.truths) {
      std::vector<int>& row = matrix.counts.emplace_back();
      const auto& said = judged.taken.at(truth);
      for (const std::string& answer : matrix.answers) row.push_back(said.contains(answer) ? said.at(answer) : 0);
    }
    return matrix;
  }

  std::size_t worstCases_;
  std::vector<Taken> taken_;
};

}  // namespace

std::unique_ptr<TaskExam> makeClassificationExam(const ExamSetting& setting) {
  return std::make_unique<ClassificationExam>(setting);
}

}  // namespace orthoscribe::learn
