// SPDX-License-Identifier: GPL-2.0-or-later
// Boxes of classes: mAP_nc, and with the probabilities of the answer's tokens as scores the metrics that need some.
#include <algorithm>
#include <map>
#include <set>

#include "core/base/error.h"
#include "core/learn/evaluate/task_exam.h"
#include "core/learn/metrics/detection_section.h"
#include "core/tasks/growing_answer.h"

namespace orthoscribe::learn {
namespace {

struct Taken {
  const ExamCase* one;
  std::string answer;
  struct Box {
    std::string label;
    geo::Quad quad;
    std::optional<double> score;
  };
  std::vector<Box> said;
};

// mmrotate's metric compares smallest rectangles, of truth and answers alike (rscovlm.md section 5.3).
std::vector<geo::Point> rectangle(const geo::Quad& quad) {
  const geo::Quad corners = geo::corners(geo::minimumAreaRectangle(quad));
  return {corners.begin(), corners.end()};
}

struct Objects {
  std::vector<TrueObject> truths;
  std::vector<FoundObject> found;
};

class DetectionExam final : public TaskExam {
 public:
  explicit DetectionExam(const ExamSetting& setting) : setting_(setting) {}

  bool takes(const ExamCase& one) const override { return one.task == "detection"; }
  bool wantsProbabilities() const override { return true; }
  std::string_view name() const override { return "detection"; }

  void take(const ExamCase& one, const Reply& reply) override {
    if (setting_.dialect == nullptr)
      throw Error(ErrorCode::Unsupported, "the model's way of writing boxes is not known", "Name it with --dialect.");
    if (!one.image) throw Error(ErrorCode::InvalidInput, one.id + ": detection without a picture");
    const RgbImage image = one.image();
    const tasks::PictureFrame frame = setting_.dialect->frameFor(image.width, image.height, setting_.model);
    const tasks::ParsedAnswer answer = setting_.dialect->parse(reply.text, frame, one.classes, true);
    dropped_ += answer.dropped;
    Taken taken{.one = &one, .answer = reply.text, .said = {}};
    for (const tasks::SpokenBox& box : answer.boxes) {
      taken.said.push_back({box.label, box.quad, tasks::scoreOf(box, reply.tokens)});
      scored_ = scored_ && taken.said.back().score.has_value();
    }
    taken_.push_back(std::move(taken));
  }

  ReportSection section() const override {
    const Objects objects = collect();
    const DetectionFindings findings = judgeDetections(objects.truths, objects.found, judging());
    ReportSection section = detectionSection(findings);
    section.note = std::to_string(taken_.size()) + " questions; " + std::to_string(dropped_) +
                   " parts of answers could not be read. " +
                   (scored_ ? "Scores are the mean probability of the tokens that spell a box."
                            : "The model tells no probabilities, so there are no metrics with scores.");
    addCases(section, findings.flat);
    return section;
  }

  nlohmann::ordered_json json() const override {
    const Objects objects = collect();
    nlohmann::ordered_json document = detectionJson(judgeDetections(objects.truths, objects.found, judging()));
    document["box_questions"] = taken_.size();
    document["dropped_lines"] = dropped_;
    return document;
  }

 private:
  DetectionJudging judging() const { return {.overlap = setting_.overlap, .scores = scored_, .coco = scored_}; }

  // Pictures in the order of their names; within one the answers as they came.
  std::vector<std::int64_t> pictureNumbers() const {
    std::set<std::string> names;
    for (const Taken& taken : taken_) names.insert(taken.one->picture);
    std::vector<std::int64_t> numbers;
    for (const Taken& taken : taken_) numbers.push_back(std::distance(names.begin(), names.find(taken.one->picture)));
    return numbers;
  }

  Objects collect() const {
    const std::vector<std::int64_t> numbers = pictureNumbers();
    Objects objects;
    for (std::size_t index = 0; index < taken_.size(); ++index) {
      for (const LabelledShape& truth : taken_[index].one->objects)
        objects.truths.push_back({numbers[index], truth.label, rectangle(truth.quad), truth.difficult});
      for (const Taken::Box& box : taken_[index].said)
        objects.found.push_back({numbers[index], box.label, rectangle(box.quad), box.score.value_or(1)});
    }
    return objects;
  }

  // Those with the most objects missed and boxes wrong.
  void addCases(ReportSection& section, const PrecisionReport& report) const {
    std::vector<bool> hit;
    for (const Taken& taken : taken_) hit.resize(hit.size() + taken.said.size());
    for (const auto& [label, precision] : report.classes) {
      for (const Judgement& judgement : precision.judged) hit[judgement.found] = judgement.verdict != Verdict::Miss;
    }
    struct Faults {
      const Taken* taken;
      int wrong;
      int missed;
    };
    std::vector<Faults> faults;
    std::size_t at = 0;
    for (const Taken& taken : taken_) {
      int right = 0;
      for (std::size_t box = 0; box < taken.said.size(); ++box) right += hit[at + box] ? 1 : 0;
      at += taken.said.size();
      const auto wanted = std::count_if(taken.one->objects.begin(), taken.one->objects.end(),
                                        [](const LabelledShape& object) { return !object.difficult; });
      faults.push_back({&taken, static_cast<int>(taken.said.size()) - right, std::max(0, static_cast<int>(wanted) - right)});
    }
    std::stable_sort(faults.begin(), faults.end(),
                     [](const Faults& a, const Faults& b) { return a.wrong + a.missed > b.wrong + b.missed; });
    for (const Faults& fault : faults) {
      if (section.cases.size() == setting_.worstCases || fault.wrong + fault.missed == 0) break;
      PicturedCase& pictured = section.cases.emplace_back(
          picturedCase(*fault.taken->one, fault.taken->answer,
                       std::to_string(fault.missed) + " missed, " + std::to_string(fault.wrong) + " wrong"));
      for (const LabelledShape& object : fault.taken->one->objects) pictured.truth.push_back(object.quad);
      for (const Taken::Box& box : fault.taken->said) pictured.found.push_back(box.quad);
    }
  }

  ExamSetting setting_;
  std::vector<Taken> taken_;
  int dropped_ = 0;
  bool scored_ = true;
};

}  // namespace

std::unique_ptr<TaskExam> makeDetectionExam(const ExamSetting& setting) {
  return std::make_unique<DetectionExam>(setting);
}

}  // namespace orthoscribe::learn
