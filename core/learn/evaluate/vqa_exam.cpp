// SPDX-License-Identifier: GPL-2.0-or-later
// Questions about pictures by type: overall accuracy, and the mean over types (rsmoe_and_metrics.md section 6.7).
#include <algorithm>
#include <cstdlib>
#include <map>

#include "core/learn/evaluate/task_exam.h"
#include "core/learn/evaluate/vqa_answer.h"
#include "core/learn/metrics/report/markup.h"

namespace orthoscribe::learn {
namespace {

struct Wrong {
  const ExamCase* one;
  std::string answer;
  int badness;
};

class VqaExam final : public TaskExam {
 public:
  explicit VqaExam(const ExamSetting& setting) : worstCases_(setting.worstCases) {}

  bool takes(const ExamCase& one) const override { return one.task == "vqa" || one.task == "zoom" || one.task == "change"; }
  std::string_view name() const override { return "vqa"; }

  void take(const ExamCase& one, const Reply& reply) override {
    const VqaVerdict verdict = judgeVqa(reply.text, one.truth);
    const std::string truth = vqaNormalised(one.truth);
    byType_[one.type.empty() ? one.task : one.type].add(verdict.right);
    all_.add(verdict.right);
    if (truth == "yes" || truth == "no") (truth == "yes" ? whereYes_ : whereNo_).add(verdict.right);
    if (!verdict.parsed) ++unparsed_;
    const bool count = !truth.empty() && truth.find_first_not_of("0123456789") == std::string::npos;
    if (count) takeCount(verdict, std::atoi(truth.c_str()));
    if (!verdict.right) wrong_.push_back({&one, reply.text, verdict.difference ? std::abs(*verdict.difference) : 1});
  }

  ReportSection section() const override {
    ReportSection section;
    section.title = "Questions about pictures";
    section.headline = {{"overall accuracy (OA)", all_}};
    ScoreTable types{.title = "By type", .rows = {}};
    for (const auto& [type, score] : byType_) types.rows.emplace_back(type, score);
    types.rows.emplace_back("all (OA)", all_);
    types.note = "Mean over the types above (AA): " + percentText(meanOfTypes()) + ". " + std::to_string(unparsed_) +
                 " answers could not be read and count as wrong.";
    section.scores.push_back(std::move(types));
    if (whereYes_.asked + whereNo_.asked > 0) {
      section.scores.push_back(
          {.title = "Yes or no", .rows = {{"where the truth is yes", whereYes_}, {"where it is no", whereNo_}}});
    }
    if (counts_.asked > 0) {
      section.scores.push_back(
          {.title = "How many",
           .rows = {{"exact", counts_},
                    {"within one", withinOne_},
                    {"exact, where there are some", someExact_},
                    {"within one, where there are some", someWithinOne_}},
           .note = "Mean absolute error: " + report::number(countError()) + "; an answer without a number counts as 0 there."});
    }
    addCases(section);
    return section;
  }

  nlohmann::ordered_json json() const override {
    nlohmann::ordered_json document = {{"oa", scoreJson(all_)}, {"aa", meanOfTypes()}, {"unparsed", unparsed_}};
    for (const auto& [type, score] : byType_) document["types"][type] = scoreJson(score);
    if (whereYes_.asked + whereNo_.asked > 0) {
      document["presence_yes"] = scoreJson(whereYes_);
      document["presence_no"] = scoreJson(whereNo_);
    }
    if (counts_.asked == 0) return document;
    document["counts"] = scoreJson(counts_);
    document["counts_within_one"] = scoreJson(withinOne_);
    document["counts_nonzero"] = scoreJson(someExact_);
    document["counts_nonzero_within_one"] = scoreJson(someWithinOne_);
    document["count_error"] = countError();
    return document;
  }

 private:
  void takeCount(const VqaVerdict& verdict, int truth) {
    const bool near = verdict.difference && std::abs(*verdict.difference) <= 1;
    counts_.add(verdict.right);
    withinOne_.add(near);
    if (truth != 0) {
      someExact_.add(verdict.right);
      someWithinOne_.add(near);
    }
    errorSum_ += std::abs(verdict.difference.value_or(truth));
  }

  double meanOfTypes() const {
    double sum = 0;
    for (const auto& [type, score] : byType_) sum += score.share();
    return byType_.empty() ? 0 : sum / static_cast<double>(byType_.size());
  }
  double countError() const { return counts_.asked > 0 ? errorSum_ / counts_.asked : 0; }

  // The farthest off first, then in turns of types, so that no type takes all places.
  void addCases(ReportSection& section) const {
    std::vector<Wrong> wrong = wrong_;
    std::stable_sort(wrong.begin(), wrong.end(), [](const Wrong& a, const Wrong& b) { return a.badness > b.badness; });
    std::map<std::string, std::size_t> shown;
    for (const Wrong& one : wrong) {
      if (section.cases.size() == worstCases_) return;
      if (++shown[one.one->type] > std::max<std::size_t>(1, worstCases_ / std::max<std::size_t>(1, byType_.size()))) continue;
      section.cases.push_back(picturedCase(*one.one, one.answer, one.one->type));
    }
  }

  std::size_t worstCases_;
  std::map<std::string, Score> byType_;
  Score all_, whereYes_, whereNo_;
  Score counts_, withinOne_, someExact_, someWithinOne_;
  double errorSum_ = 0;
  int unparsed_ = 0;
  std::vector<Wrong> wrong_;
};

}  // namespace

std::unique_ptr<TaskExam> makeVqaExam(const ExamSetting& setting) {
  return std::make_unique<VqaExam>(setting);
}

}  // namespace orthoscribe::learn
