// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/verify/metric_cases.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/engine/verify/json_fixtures.h"
#include "core/geo/polygon.h"
#include "core/learn/evaluate/answer_match.h"
#include "core/learn/metrics/average_precision.h"
#include "core/learn/metrics/bleu.h"
#include "core/learn/metrics/cider_d.h"
#include "core/learn/metrics/rouge_l.h"

namespace orthoscribe::learn::verify {
namespace {

namespace fs = std::filesystem;
using engine::verify::CaseResult;
using engine::verify::FixtureCase;
using engine::verify::JsonFixture;
using engine::verify::JsonFixtureKind;
using nlohmann::json;

constexpr double kTolerance = 1e-6;

// The largest difference of many values of one name, and where it is.
class Largest {
 public:
  Largest(std::string what, double tolerance) : check_{.what = std::move(what), .tolerance = tolerance, .note = {}} {}

  void compare(double actual, double expected, const std::string& where) {
    const double error = std::abs(actual - expected) / std::max(1.0, std::abs(expected));
    if (std::isnan(check_.error) || error <= check_.error) return;
    check_.error = error;
    check_.note = where + ": " + json(actual).dump() + " instead of " + json(expected).dump();
  }
  void compare(const std::optional<double>& actual, const json& expected, const std::string& where) {
    if (actual && expected.is_number()) return compare(*actual, expected.get<double>(), where);
    if (actual.has_value() != expected.is_null()) return;
    check_.error = std::numeric_limits<double>::quiet_NaN();
    check_.note = where + ": a value where none is expected, or none where one is";
  }
  void addTo(CaseResult& result) const { result.checks.push_back(check_); }

 private:
  engine::verify::Check check_;
};

// Counts how many of many things differ.
class Differences {
 public:
  explicit Differences(std::string what) : what_(std::move(what)) {}

  template <typename Value>
  void compare(const Value& actual, const Value& expected, const std::string& where) {
    ++total_;
    if (actual == expected) return;
    if (differences_++ == 0) note_ = "first " + where + ": " + json(actual).dump() + " instead of " + json(expected).dump();
  }
  void addTo(CaseResult& result) const { result.checks.push_back(engine::verify::exactly(what_, differences_, total_, note_)); }

 private:
  std::string what_, note_;
  std::int64_t differences_ = 0;
  std::int64_t total_ = 0;
};

// Corners one after another, or left, top, right, bottom.
std::vector<geo::Point> outlineOf(const json& numbers) {
  const auto v = numbers.get<std::vector<double>>();
  if (v.size() == 4) return {{v[0], v[1]}, {v[2], v[1]}, {v[2], v[3]}, {v[0], v[3]}};
  if (v.size() < 6 || v.size() % 2 != 0)
    throw Error(ErrorCode::InvalidInput, "a box or polygon has " + std::to_string(v.size()) + " numbers");
  std::vector<geo::Point> outline;
  for (std::size_t index = 0; index < v.size(); index += 2) outline.push_back({v[index], v[index + 1]});
  return outline;
}

std::string nameOf(Verdict verdict) {
  if (verdict == Verdict::Ignored) return "ignored";
  return verdict == Verdict::Hit ? "tp" : "fp";
}

struct Detections {
  std::vector<TrueObject> truths;
  std::vector<FoundObject> found;
  std::vector<int> placeInClass;  // of every found object, as the fixtures count them
};

Detections detectionsOf(const json& file) {
  Detections detections;
  for (const json& row : file.at("ground_truth"))
    detections.truths.push_back({row.at("image"), row.at("class"), outlineOf(row.at("box")), row.value("difficult", false)});
  std::map<std::string, int> seen;
  for (const json& row : file.at("detections")) {
    detections.found.push_back({row.at("image"), row.at("class"), outlineOf(row.at("box")), row.value("score", 1.0)});
    detections.placeInClass.push_back(seen[detections.found.back().label]++);
  }
  return detections;
}

void compareReport(const Detections& detections, const PrecisionReport& report, const json& expected, const std::string& prefix,
                   double tolerance, CaseResult& result) {
  Differences counts(prefix + "counts"), order(prefix + "order"), flags(prefix + "flags");
  Largest recall(prefix + "recall", tolerance), precision(prefix + "precision", tolerance);
  Largest elevenPoint(prefix + "ap_11point", tolerance), area(prefix + "ap_area", tolerance);
  for (const auto& [label, one] : expected.at("per_class").items()) {
    const auto found = report.classes.find(label);
    const ClassPrecision ours = found == report.classes.end() ? ClassPrecision{} : found->second;
    std::vector<int> places;
    std::vector<std::string> verdicts;
    for (const Judgement& judgement : ours.judged) {
      places.push_back(detections.placeInClass[judgement.found]);
      verdicts.push_back(nameOf(judgement.verdict));
    }
    counts.compare<std::vector<int>>({ours.truths, ours.hits, ours.found - ours.hits},
                                     {one.at("positives"), one.at("tp"), one.at("fp")}, label);
    order.compare(places, one.at("order").get<std::vector<int>>(), label);
    flags.compare(verdicts, one.at("flags").get<std::vector<std::string>>(), label);
    elevenPoint.compare(ours.elevenPoint, one.at("ap_11point"), label);
    area.compare(ours.area, one.at("ap_area"), label);
    // Without true objects there is no recall; the references write zeros.
    if (ours.truths == 0) continue;
    const auto recalls = one.at("recall").get<std::vector<double>>();
    const auto precisions = one.at("precision").get<std::vector<double>>();
    counts.compare(ours.curve.recall.size(), recalls.size(), label + " points of the curve");
    for (std::size_t index = 0; index < std::min(recalls.size(), ours.curve.recall.size()); ++index) {
      const std::string where = label + " " + std::to_string(index);
      recall.compare(ours.curve.recall[index], recalls[index], where);
      precision.compare(ours.curve.precision[index], precisions.at(index), where);
    }
  }
  for (const Differences* one : {&counts, &order, &flags}) one->addTo(result);
  for (const Largest* one : {&recall, &precision, &elevenPoint, &area}) one->addTo(result);
}

void compareMean(const std::string& name, const std::optional<double>& actual, const json& expected, double tolerance,
                 CaseResult& result) {
  Largest mean(name, tolerance);
  mean.compare(actual, expected.at(name), "all classes");
  mean.addTo(result);
}

void compareDetections(const json& file, CaseResult& result) {
  const Detections detections = detectionsOf(file);
  const double threshold = file.at("iou_threshold");
  const double tolerance = file.value("tolerance", kTolerance);
  const PrecisionReport scored = averagePrecision(detections.truths, detections.found, false, threshold);
  const json& expected = file.at("expected");
  compareReport(detections, scored, expected, "", tolerance, result);
  compareMean("map_11point", scored.meanElevenPoint, expected, tolerance, result);
  compareMean("map_area", scored.meanArea, expected, tolerance, result);
  const PrecisionReport plain = averagePrecision(detections.truths, detections.found, true, threshold);
  const json& expectedPlain = file.at("expected_no_confidence");
  compareReport(detections, plain, expectedPlain, "no confidence: ", tolerance, result);
  compareMean("map_nc_11point", plain.meanElevenPoint, expectedPlain, tolerance, result);
  compareMean("map_nc_area", plain.meanArea, expectedPlain, tolerance, result);
}

void comparePolygons(const json& file, CaseResult& result) {
  const json tolerances = file.value("tolerance", json::object());
  std::map<std::string, Largest> overlaps, shared;
  std::size_t row = 0;
  for (const json& pair : file.at("pairs")) {
    const std::string kind = pair.value("kind", "pairs");
    const double tolerance = tolerances.value(kind, tolerances.value("iou", kTolerance));
    const std::string where = "pair " + std::to_string(row++);
    const std::vector<geo::Point> a = outlineOf(pair.at("a"));
    const std::vector<geo::Point> b = outlineOf(pair.at("b"));
    const auto add = [&](std::map<std::string, Largest>& largest, const std::string& what, double actual, double expected) {
      largest.try_emplace(kind, kind + ": " + what, tolerance).first->second.compare(actual, expected, where);
    };
    add(overlaps, "iou", geo::polygonIou(a, b), pair.at("iou"));
    if (pair.contains("intersection")) add(shared, "intersection", geo::intersectionArea(a, b), pair["intersection"]);
  }
  for (const std::map<std::string, Largest>* kinds : {&overlaps, &shared})
    for (const auto& [kind, largest] : *kinds) largest.addTo(result);
}

void compareCaptions(const json& file, CaseResult& result) {
  std::vector<CaptionedPicture> pictures;
  for (const json& item : file.at("items")) pictures.push_back({item.at("candidate"), item.at("references")});
  const double tolerance = file.value("tolerance", kTolerance);
  const BleuScore bleuScore = bleu(pictures);
  const auto compareBleu = [&](const BleuValues& actual, const json& expected, const std::string& where, Largest& largest) {
    const auto values = expected.get<std::vector<double>>();
    for (std::size_t index = 0; index < actual.size(); ++index)
      largest.compare(actual[index], values.at(index), where + " BLEU-" + std::to_string(index + 1));
  };
  Largest each("bleu of items", tolerance), corpus("bleu", tolerance);
  for (std::size_t index = 0; index < pictures.size(); ++index)
    compareBleu(bleuScore.each[index], file["items"][index].at("bleu"), "item " + std::to_string(index), each);
  compareBleu(bleuScore.corpus, file.at("corpus").at("bleu"), "corpus", corpus);
  each.addTo(result);
  corpus.addTo(result);
  for (const auto& [name, score] : {std::pair("rouge_l", rougeL(pictures)), std::pair("cider_d", ciderD(pictures))}) {
    Largest items(std::string(name) + " of items", tolerance), whole(name, tolerance);
    for (std::size_t index = 0; index < pictures.size(); ++index)
      items.compare(score.each[index], file["items"][index].at(name).get<double>(), "item " + std::to_string(index));
    whole.compare(score.corpus, file["corpus"].at(name).get<double>(), "corpus");
    items.addTo(result);
    whole.addTo(result);
  }
}

void compareAnswers(const json& file, CaseResult& result) {
  Differences normalised("normalised answers"), matches("matches");
  std::int64_t right = 0;
  for (const json& row : file.at("rows")) {
    const auto prediction = row.at("prediction").get<std::string>();
    const auto answer = row.at("answer").get<std::string>();
    const std::string where = "for " + row["prediction"].dump() + " and " + row["answer"].dump();
    if (row.contains("normalised_prediction"))
      normalised.compare(normalisedAnswer(prediction), row["normalised_prediction"].get<std::string>(), where);
    if (row.contains("normalised_answer"))
      normalised.compare(normalisedAnswer(answer), row["normalised_answer"].get<std::string>(), where);
    const bool match = answersMatch(prediction, answer);
    matches.compare(match, row.at("match").get<bool>(), where);
    right += match ? 1 : 0;
  }
  normalised.addTo(result);
  matches.addTo(result);
  Largest accuracy("accuracy", kTolerance);
  accuracy.compare(static_cast<double>(right) / std::max<double>(1, static_cast<double>(file["rows"].size())),
                   file.at("accuracy").get<double>(), "all rows");
  accuracy.addTo(result);
}

using Compare = void (*)(const json& file, CaseResult& result);

struct Judge {
  std::string family;
  Compare compare = nullptr;
};

Judge judgeOf(JsonFixtureKind kind) {
  switch (kind) {
    case JsonFixtureKind::Detections:
      return {"average precision", compareDetections};
    case JsonFixtureKind::PolygonPairs:
      return {"polygon overlap", comparePolygons};
    case JsonFixtureKind::Captions:
      return {"caption metrics", compareCaptions};
    case JsonFixtureKind::ShortAnswers:
      return {"answer matching", compareAnswers};
    default:
      return {};
  }
}

}  // namespace

std::vector<FixtureCase> metricCasesIn(const fs::path& folder) {
  std::vector<FixtureCase> cases;
  for (const JsonFixture& file : engine::verify::jsonFixturesIn(folder)) {
    const Judge judge = judgeOf(file.kind);
    if (!judge.compare) continue;
    cases.push_back({.place = file.path, .family = judge.family, .run = [judge, content = file.content](CaseResult& result) {
                       judge.compare(*content, result);
                     }});
  }
  return cases;
}

}  // namespace orthoscribe::learn::verify
