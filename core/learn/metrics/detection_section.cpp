// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/detection_section.h"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/learn/metrics/box_overlap.h"
#include "core/learn/metrics/report/markup.h"

namespace orthoscribe::learn {
namespace {

using Json = nlohmann::ordered_json;

std::string valueText(const std::optional<double>& value) {
  return value ? report::fixedNumber(*value) : "-";
}

Json orNull(const std::optional<double>& value) {
  return value ? Json(*value) : Json();
}

Score precisionScore(const ClassPrecision& one) {
  return {one.hits, one.found};
}
Score recallScore(const ClassPrecision& one) {
  return {one.hits, one.truths};
}

struct Totals {
  Score precision;
  Score recall;
};

Totals totalsOf(const PrecisionReport& report) {
  Totals totals;
  for (const auto& [label, one] : report.classes) {
    totals.precision.right += one.hits;
    totals.precision.asked += one.found;
    totals.recall.right += one.hits;
    totals.recall.asked += one.truths;
  }
  return totals;
}

// Best overlaps first, each object and each detection once.
ConfusionMatrix confusionOf(const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found, double overlap) {
  std::set<std::string> labels;
  for (const TrueObject& truth : truths) labels.insert(truth.label);
  for (const FoundObject& object : found) labels.insert(object.label);
  ConfusionMatrix matrix{
      .title = "What was taken for what", .truths = {labels.begin(), labels.end()}, .answers = {}, .counts = {}};
  matrix.answers = matrix.truths;
  matrix.truths.emplace_back("nothing");
  matrix.answers.emplace_back("missed");
  matrix.counts.assign(matrix.truths.size(), std::vector<int>(matrix.answers.size(), 0));
  const auto indexOf = [&](const std::string& label) {
    return static_cast<std::size_t>(std::distance(labels.begin(), labels.find(label)));
  };

  struct Pair {
    double overlap;
    std::size_t truth;
    std::size_t found;
  };
  std::multimap<std::int64_t, std::size_t> truthsOfImage;
  for (std::size_t index = 0; index < truths.size(); ++index) truthsOfImage.emplace(truths[index].image, index);
  std::vector<Pair> pairs;
  for (std::size_t index = 0; index < found.size(); ++index) {
    const auto [begin, end] = truthsOfImage.equal_range(found[index].image);
    for (auto truth = begin; truth != end; ++truth) {
      const double shared = outlineOverlap(found[index].outline, truths[truth->second].outline);
      if (shared >= overlap) pairs.push_back({shared, truth->second, index});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Pair& a, const Pair& b) { return a.overlap > b.overlap; });
  std::vector<bool> truthTaken(truths.size()), foundTaken(found.size());
  for (const Pair& pair : pairs) {
    if (truthTaken[pair.truth] || foundTaken[pair.found]) continue;
    truthTaken[pair.truth] = foundTaken[pair.found] = true;
    if (!truths[pair.truth].difficult) ++matrix.counts[indexOf(truths[pair.truth].label)][indexOf(found[pair.found].label)];
  }
  for (std::size_t index = 0; index < truths.size(); ++index) {
    if (!truthTaken[index] && !truths[index].difficult) ++matrix.counts[indexOf(truths[index].label)].back();
  }
  for (std::size_t index = 0; index < found.size(); ++index) {
    if (!foundTaken[index]) ++matrix.counts.back()[indexOf(found[index].label)];
  }
  return matrix;
}

TextTable precisionTable(const DetectionFindings& findings) {
  const bool scored = findings.scored.has_value();
  TextTable table{.title = "Average precision by class", .headers = {"Class", "AP_nc"}, .rows = {}};
  if (scored) table.headers.insert(table.headers.end(), {"AP (VOC 2007)", "AP (VOC 2012)"});
  if (findings.coco) table.headers.emplace_back("AP50 (COCO)");
  table.headers.insert(table.headers.end(), {"Precision", "Recall", "F1", "True", "Found", "Right"});
  for (const auto& [label, one] : findings.flat.classes) {
    std::vector<std::string> row = {label, valueText(one.elevenPoint)};
    if (scored) {
      const ClassPrecision& with = findings.scored->classes.at(label);
      row.insert(row.end(), {valueText(with.elevenPoint), valueText(with.area)});
    }
    if (findings.coco) {
      const auto coco = findings.coco->classes.find(label);
      row.push_back(coco == findings.coco->classes.end() ? "-" : report::fixedNumber(coco->second[0]));
    }
    const Score precision = precisionScore(one);
    const Score recall = recallScore(one);
    row.insert(row.end(), {percentText(precision.share()), percentText(recall.share()),
                           report::fixedNumber(f1Of(precision.share(), recall.share())), std::to_string(one.truths),
                           std::to_string(one.found), std::to_string(one.hits)});
    table.rows.push_back(std::move(row));
  }
  std::vector<std::string> mean = {"Mean", valueText(findings.flat.meanElevenPoint)};
  if (scored) mean.insert(mean.end(), {valueText(findings.scored->meanElevenPoint), valueText(findings.scored->meanArea)});
  if (findings.coco) mean.push_back(valueText(findings.coco->mean50));
  const Totals totals = totalsOf(findings.flat);
  mean.insert(mean.end(),
              {percentText(totals.precision.share()), percentText(totals.recall.share()),
               report::fixedNumber(f1Of(totals.precision.share(), totals.recall.share())), std::to_string(totals.recall.asked),
               std::to_string(totals.precision.asked), std::to_string(totals.precision.right)});
  table.rows.push_back(std::move(mean));
  table.note =
      "An object is found when the overlap (intersection over union) is at least " + report::number(findings.overlap) +
      ". AP_nc takes all scores as equal: pictures in order, answers as given; eleven points. Means are over classes with "
      "true objects; the last line's precision, recall and F1 are over all objects.";
  if (findings.coco && findings.coco->mean)
    table.note += " COCO's AP over overlaps 0.5 to 0.95: " + report::number(*findings.coco->mean, 3) + ".";
  return table;
}

CurvePlot curvePlot(const PrecisionReport& report, std::string title) {
  CurvePlot plot{.title = std::move(title), .xLabel = "Recall", .yLabel = "Precision", .curves = {}};
  for (const auto& [label, one] : report.classes) {
    if (one.truths == 0) continue;
    Curve curve{.name = label + " (" + std::to_string(one.truths) + ")", .points = {}};
    for (std::size_t index = 0; index < one.curve.recall.size(); ++index)
      curve.points.emplace_back(one.curve.recall[index], one.curve.precision[index]);
    plot.curves.push_back(std::move(curve));
  }
  return plot;
}

CurvePlot sweepPlot(const ThresholdSweep& sweep) {
  CurvePlot plot{.title = "By the least score that is kept", .xLabel = "Threshold", .yLabel = "Value", .curves = {}};
  plot.curves = {{"mAP_nc", {}}, {"precision", {}}, {"recall", {}}, {"F1", {}}};
  for (const SweepPoint& point : sweep.points) {
    plot.curves[0].points.emplace_back(point.threshold, point.meanPrecision.value_or(0));
    plot.curves[1].points.emplace_back(point.threshold, point.found.share());
    plot.curves[2].points.emplace_back(point.threshold, point.truths.share());
    plot.curves[3].points.emplace_back(point.threshold, point.f1);
  }
  return plot;
}

}  // namespace

DetectionFindings judgeDetections(const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found,
                                  const DetectionJudging& judging) {
  DetectionFindings findings;
  findings.overlap = judging.overlap;
  findings.flat = averagePrecision(truths, found, true, judging.overlap);
  findings.confusion = confusionOf(truths, found, judging.overlap);
  if (!judging.scores) return findings;
  findings.scored = averagePrecision(truths, found, false, judging.overlap);
  if (judging.coco) findings.coco = cocoPrecision(truths, found);
  findings.sweep = sweepThresholds(truths, found, judging.overlap);
  return findings;
}

ReportSection detectionSection(const DetectionFindings& findings) {
  ReportSection section;
  section.title = "Detection";
  const Totals totals = totalsOf(findings.flat);
  section.figure = {
      {"mAP_nc at overlap " + report::number(findings.overlap) + ", " + std::to_string(totals.recall.asked) + " true objects",
       valueText(findings.flat.meanElevenPoint)}};
  ScoreTable precision{.title = "Precision: of what was found, right", .rows = {}};
  ScoreTable recall{.title = "Recall: of the true objects, found", .rows = {}};
  for (const auto& [label, one] : findings.flat.classes) {
    precision.rows.emplace_back(label, precisionScore(one));
    recall.rows.emplace_back(label, recallScore(one));
  }
  precision.rows.emplace_back("all", totals.precision);
  recall.rows.emplace_back("all", totals.recall);
  section.tables.push_back(precisionTable(findings));
  if (findings.sweep) {
    const SweepPoint& best = findings.sweep->points[findings.sweep->best];
    section.tables.push_back(
        {.title = "Threshold",
         .headers = {"Best threshold", "mAP_nc", "Precision", "Recall", "F1"},
         .rows = {{report::number(best.threshold), valueText(best.meanPrecision), percentText(best.found.share()),
                   percentText(best.truths.share()), report::fixedNumber(best.f1)}},
         .note = "Detections with a higher score are kept; chosen on this very set."});
  }
  section.scores = {std::move(precision), std::move(recall)};
  section.plots.push_back(curvePlot(findings.scored ? *findings.scored : findings.flat,
                                    findings.scored ? "Precision over recall, by score" : "Precision over recall, in order"));
  if (findings.sweep) section.plots.push_back(sweepPlot(*findings.sweep));
  section.matrices.push_back(findings.confusion);
  return section;
}

nlohmann::ordered_json detectionJson(const DetectionFindings& findings) {
  const Totals totals = totalsOf(findings.flat);
  Json document = {{"overlap", findings.overlap}, {"map_nc", orNull(findings.flat.meanElevenPoint)}};
  if (findings.scored) {
    document["map_voc07"] = orNull(findings.scored->meanElevenPoint);
    document["map_voc12"] = orNull(findings.scored->meanArea);
    if (findings.coco) document["map_coco"] = orNull(findings.coco->mean);
  }
  document["precision"] = scoreJson(totals.precision);
  document["recall"] = scoreJson(totals.recall);
  document["f1"] = f1Of(totals.precision.share(), totals.recall.share());
  for (const auto& [label, one] : findings.flat.classes) {
    Json& entry = document["classes"][label] = {{"ap_nc", orNull(one.elevenPoint)},
                                                {"true_boxes", one.truths},
                                                {"said", one.found},
                                                {"right", one.hits},
                                                {"precision", scoreJson(precisionScore(one))},
                                                {"recall", scoreJson(recallScore(one))}};
    if (!findings.scored) continue;
    entry["ap_voc07"] = orNull(findings.scored->classes.at(label).elevenPoint);
    entry["ap_voc12"] = orNull(findings.scored->classes.at(label).area);
  }
  if (!findings.sweep) return document;
  document["best_threshold"] = findings.sweep->points[findings.sweep->best].threshold;
  for (const SweepPoint& point : findings.sweep->points) {
    document["sweep"].push_back({{"threshold", point.threshold},
                                 {"map_nc", orNull(point.meanPrecision)},
                                 {"precision", point.found.share()},
                                 {"recall", point.truths.share()},
                                 {"f1", point.f1}});
  }
  return document;
}

}  // namespace orthoscribe::learn
