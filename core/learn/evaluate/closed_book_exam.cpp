// SPDX-License-Identifier: GPL-2.0-or-later
#include <map>

#include "core/learn/evaluate/closed_book.h"
#include "core/learn/evaluate/task_exam.h"

namespace orthoscribe::learn {
namespace {

using Scores = std::map<std::string, Score>;

class ClosedBookExam final : public TaskExam {
 public:
  explicit ClosedBookExam(const ExamSetting& setting) : worstCases_(setting.worstCases) {}

  bool takes(const ExamCase& one) const override { return one.task == "knowledge"; }
  std::string_view name() const override { return "closed_book"; }

  void take(const ExamCase& one, const Reply& reply) override {
    const BenchmarkQuestion question = one.benchmark ? *one.benchmark : questionOf(one);
    const bool right = closedBookRight(question, reply.text);
    all_.add(right);
    types_[std::string(questionTypeName(question.type))].add(right);
    if (!question.topic.empty()) topics_[question.topic].add(right);
    if (!question.difficulty.empty()) difficulties_[question.difficulty].add(right);
    if (!question.split.empty()) splits_[question.split].add(right);
    if (!right && wrong_.size() < worstCases_) wrong_.emplace_back(&one, reply.text);
  }

  ReportSection section() const override {
    ReportSection section;
    section.title = "Closed-book questions";
    section.note =
        "Asked without a picture; normalised exact match. Chance gets a quarter of the choices and half of the booleans.";
    section.headline = {{"right", all_}};
    section.scores.push_back(table("By type", types_, true));
    for (const auto& [title, scores] :
         {std::pair{"By topic", &topics_}, {"By difficulty", &difficulties_}, {"By part", &splits_}}) {
      if (!scores->empty()) section.scores.push_back(table(title, *scores, false));
    }
    for (const auto& [one, answer] : wrong_) section.cases.push_back(picturedCase(*one, answer, ""));
    return section;
  }

  nlohmann::ordered_json json() const override {
    nlohmann::ordered_json document = {{"all", scoreJson(all_)}};
    for (const auto& [name, scores] :
         {std::pair{"types", &types_}, {"topics", &topics_}, {"difficulties", &difficulties_}, {"splits", &splits_}}) {
      for (const auto& [key, score] : *scores) document[name][key] = scoreJson(score);
    }
    return document;
  }

 private:
  // A conversation's question knows nothing but its answer: numbers and yes or no are told by that.
  static BenchmarkQuestion questionOf(const ExamCase& one) {
    BenchmarkQuestion question;
    question.question = one.question;
    question.answer = one.truth;
    const std::string form = closedBookForm(one.truth);
    if (form == "yes" || form == "no" || form == "true" || form == "false") question.type = QuestionType::Boolean;
    if (one.type == questionTypeName(QuestionType::Numeric)) question.type = QuestionType::Numeric;
    return question;
  }

  ScoreTable table(const std::string& title, const Scores& scores, bool withAll) const {
    ScoreTable result{.title = title, .rows = {scores.begin(), scores.end()}};
    if (withAll) result.rows.emplace_back("all", all_);
    return result;
  }

  std::size_t worstCases_;
  Score all_;
  Scores types_, topics_, difficulties_, splits_;
  std::vector<std::pair<const ExamCase*, std::string>> wrong_;
};

}  // namespace

std::unique_ptr<TaskExam> makeClosedBookExam(const ExamSetting& setting) {
  return std::make_unique<ClosedBookExam>(setting);
}

}  // namespace orthoscribe::learn
