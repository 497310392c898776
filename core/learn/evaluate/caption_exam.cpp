// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <numeric>

#include "core/learn/evaluate/task_exam.h"
#include "core/learn/metrics/bleu.h"
#include "core/learn/metrics/caption_tokens.h"
#include "core/learn/metrics/cider_d.h"
#include "core/learn/metrics/report/markup.h"
#include "core/learn/metrics/rouge_l.h"

namespace orthoscribe::learn {
namespace {

struct Taken {
  const ExamCase* one;
  std::string answer;
};

struct Judged {
  BleuScore bleu;
  CaptionScore rouge;
  CaptionScore cider;
  double meanReferences = 0;
};

class CaptionExam final : public TaskExam {
 public:
  explicit CaptionExam(const ExamSetting& setting) : worstCases_(setting.worstCases) {}

  bool takes(const ExamCase& one) const override { return one.task == "caption" || one.task == "aspect"; }
  void take(const ExamCase& one, const Reply& reply) override { taken_.push_back({&one, reply.text}); }
  std::string_view name() const override { return "captions"; }

  ReportSection section() const override {
    const Judged judged = judge();
    ReportSection section;
    section.title = "Descriptions";
    section.figure = {
        {"CIDEr-D x 100, " + std::to_string(taken_.size()) + " pictures", report::number(100 * judged.cider.corpus, 1)}};
    TextTable table{.title = "", .headers = {"Metric", "Value"}, .rows = {}};
    for (std::size_t order = 0; order < judged.bleu.corpus.size(); ++order)
      table.rows.push_back({"BLEU-" + std::to_string(order + 1), report::fixedNumber(judged.bleu.corpus[order], 4)});
    table.rows.push_back({"ROUGE-L", report::fixedNumber(judged.rouge.corpus, 4)});
    table.rows.push_back({"CIDEr-D (0 to 10)", report::fixedNumber(judged.cider.corpus, 4)});
    table.note = std::to_string(taken_.size()) + " pictures with " + report::number(judged.meanReferences) +
                 " references each on average, tokens by " + std::string(kCaptionTokens) +
                 ". CIDEr-D depends on the whole set: values of other sets cannot be compared.";
    section.tables.push_back(std::move(table));
    for (const std::size_t index : worst(judged)) {
      section.cases.push_back(
          picturedCase(*taken_[index].one, taken_[index].answer, "ROUGE-L " + report::number(judged.rouge.each[index], 3)));
    }
    return section;
  }

  nlohmann::ordered_json json() const override {
    const Judged judged = judge();
    nlohmann::ordered_json document = {
        {"pictures", taken_.size()}, {"tokens", kCaptionTokens}, {"references", judged.meanReferences}};
    for (std::size_t order = 0; order < judged.bleu.corpus.size(); ++order)
      document["bleu_" + std::to_string(order + 1)] = judged.bleu.corpus[order];
    document["rouge_l"] = judged.rouge.corpus;
    document["cider_d"] = judged.cider.corpus;
    return document;
  }

 private:
  Judged judge() const {
    std::vector<CaptionedPicture> pictures;
    Judged judged;
    for (const Taken& taken : taken_) {
      CaptionedPicture& picture = pictures.emplace_back();
      picture.candidate = captionTokens(taken.answer);
      for (const std::string& reference : taken.one->references) picture.references.push_back(captionTokens(reference));
      judged.meanReferences += static_cast<double>(picture.references.size()) / static_cast<double>(taken_.size());
    }
    judged.bleu = bleu(pictures);
    judged.rouge = rougeL(pictures);
    judged.cider = ciderD(pictures);
    return judged;
  }

  std::vector<std::size_t> worst(const Judged& judged) const {
    std::vector<std::size_t> order(taken_.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return judged.rouge.each[a] < judged.rouge.each[b]; });
    order.resize(std::min(order.size(), worstCases_));
    return order;
  }

  std::size_t worstCases_;
  std::vector<Taken> taken_;
};

}  // namespace

std::unique_ptr<TaskExam> makeCaptionExam(const ExamSetting& setting) {
  return std::make_unique<CaptionExam>(setting);
}

}  // namespace orthoscribe::learn
