// SPDX-License-Identifier: GPL-2.0-or-later
// Whether the box around what a phrase means is the true one (rscovlm.md section 6): upright boxes and turned ones.
#include <algorithm>

#include "core/base/error.h"
#include "core/learn/evaluate/task_exam.h"
#include "core/learn/metrics/box_overlap.h"
#include "core/learn/metrics/report/markup.h"
#include "core/tasks/task_prompts.h"

namespace orthoscribe::learn {
namespace {

constexpr double kStrict = 0.5;
constexpr double kLoose = 0.25;
constexpr double kSlant = 0.5;  // pixels that an upright box's sides may lean by

struct Taken {
  const ExamCase* one;
  std::string answer;
  std::vector<geo::Quad> said;
  double upright = 0;  // overlaps
  double turned = 0;
};

bool isUpright(const geo::Quad& quad) {
  return std::all_of(quad.begin(), quad.end(), [&](const geo::Point& corner) {
    const auto along = [&](double geo::Point::* axis) {
      return std::any_of(quad.begin(), quad.end(), [&](const geo::Point& other) {
        return &other != &corner && std::abs(other.*axis - corner.*axis) < kSlant;
      });
    };
    return along(&geo::Point::x) && along(&geo::Point::y);
  });
}

class GroundingExam final : public TaskExam {
 public:
  explicit GroundingExam(const ExamSetting& setting) : setting_(setting) {}

  bool takes(const ExamCase& one) const override { return one.task == "grounding"; }
  std::string_view name() const override { return "grounding"; }

  void take(const ExamCase& one, const Reply& reply) override {
    if (setting_.dialect == nullptr)
      throw Error(ErrorCode::Unsupported, "the model's way of writing boxes is not known", "Name it with --dialect.");
    if (!one.image) throw Error(ErrorCode::InvalidInput, one.id + ": grounding without a picture");
    const RgbImage image = one.image();
    const tasks::PictureFrame frame = setting_.dialect->frameFor(image.width, image.height, setting_.model);
    Taken taken{
        .one = &one, .answer = reply.text, .said = boxes(reply.text, frame, one, shapeOf(one)), .upright = 0, .turned = 0};
    const std::vector<geo::Quad> truth = truthOf(one, frame);
    if (truth.empty())
      throw Error(ErrorCode::InvalidInput, one.id + ": objects holds no true box, and the answer cannot be read");
    if (!taken.said.empty()) {
      taken.upright = uprightOverlap(taken.said.front(), truth.front());
      taken.turned = geo::polygonIou(taken.said.front(), truth.front());
    } else {
      ++unread_;
    }
    taken_.push_back(std::move(taken));
  }

  ReportSection section() const override {
    ReportSection section;
    section.title = "Grounding";
    section.headline = {{"upright boxes, overlap above 0.5", share(&Taken::upright, kStrict)}};
    section.scores.push_back({.title = "The right place",
                              .rows = {{"upright boxes, overlap above 0.5", share(&Taken::upright, kStrict)},
                                       {"upright boxes, overlap above 0.25", share(&Taken::upright, kLoose)},
                                       {"turned boxes, overlap above 0.5", share(&Taken::turned, kStrict)},
                                       {"turned boxes, overlap above 0.25", share(&Taken::turned, kLoose)}},
                              .note = "The first box of an answer counts. Mean overlap: upright " +
                                      report::number(mean(&Taken::upright), 3) + ", turned " +
                                      report::number(mean(&Taken::turned), 3) + ". " + std::to_string(unread_) +
                                      " answers hold no box."});
    std::vector<const Taken*> order;
    for (const Taken& taken : taken_) order.push_back(&taken);
    std::stable_sort(order.begin(), order.end(), [](const Taken* a, const Taken* b) { return a->turned < b->turned; });
    for (const Taken* taken : order) {
      if (section.cases.size() == setting_.worstCases || taken->turned > kStrict) break;
      PicturedCase& pictured =
          section.cases.emplace_back(picturedCase(*taken->one, taken->answer, "overlap " + report::number(taken->turned)));
      for (const LabelledShape& object : taken->one->objects) pictured.truth.push_back(object.quad);
      pictured.found = taken->said;
    }
    return section;
  }

  nlohmann::ordered_json json() const override {
    return {{"upright_50", scoreJson(share(&Taken::upright, kStrict))},
            {"upright_25", scoreJson(share(&Taken::upright, kLoose))},
            {"turned_50", scoreJson(share(&Taken::turned, kStrict))},
            {"turned_25", scoreJson(share(&Taken::turned, kLoose))},
            {"mean_upright", mean(&Taken::upright)},
            {"mean_turned", mean(&Taken::turned)},
            {"without_box", unread_}};
  }

 private:
  // Of the shapes that the family draws, the truth's.
  tasks::BoxShape shapeOf(const ExamCase& one) const {
    const bool upright = one.objects.empty() || isUpright(one.objects.front().quad);
    const tasks::BoxShape wanted = upright ? tasks::BoxShape::Upright : tasks::BoxShape::Turned;
    const std::vector<tasks::BoxShape> offered = setting_.dialect->tasks().groundShapes();
    return offered.empty() || std::find(offered.begin(), offered.end(), wanted) != offered.end() ? wanted : offered.front();
  }

  std::vector<geo::Quad> boxes(const std::string& text, const tasks::PictureFrame& frame, const ExamCase& one,
                               tasks::BoxShape shape) const {
    const std::string phrase = one.objects.empty() ? std::string() : one.objects.front().label;
    std::vector<geo::Quad> quads;
    for (const tasks::SpokenBox& box : setting_.dialect->tasks().parseGround(text, *setting_.dialect, frame, phrase, shape).boxes)
      quads.push_back(box.quad);
    return quads;
  }

  std::vector<geo::Quad> truthOf(const ExamCase& one, const tasks::PictureFrame& frame) const {
    if (one.objects.empty()) return boxes(one.truth, frame, one, tasks::BoxShape::Upright);
    return {one.objects.front().quad};
  }

  // Strictly above, as published.
  Score share(double Taken::* overlap, double threshold) const {
    Score score;
    for (const Taken& taken : taken_) score.add(taken.*overlap > threshold);
    return score;
  }

  double mean(double Taken::* overlap) const {
    double sum = 0;
    for (const Taken& taken : taken_) sum += taken.*overlap;
    return taken_.empty() ? 0 : sum / static_cast<double>(taken_.size());
  }

  ExamSetting setting_;
  std::vector<Taken> taken_;
  int unread_ = 0;
};

}  // namespace

std::unique_ptr<TaskExam> makeGroundingExam(const ExamSetting& setting) {
  return std::make_unique<GroundingExam>(setting);
}

}  // namespace orthoscribe::learn
