// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/truth_comparison.h"

#include <algorithm>

namespace orthoscribe::plugin {
namespace {

constexpr std::int64_t kTheLayer = 0;  // everything lies in one picture

std::vector<geo::Point> outlineOf(const QgsGeometry& polygon) {
  std::vector<geo::Point> outline;
  const QgsPolygonXY rings = polygon.asPolygon();
  if (rings.isEmpty()) return outline;
  for (const QgsPointXY& corner : rings.front()) outline.push_back({corner.x(), corner.y()});
  if (outline.size() > 1) outline.pop_back();  // rings end where they begin
  return outline;
}

bool centreInside(const QgsGeometry& area, const ComparedObject& object) {
  return area.isNull() || area.contains(object.geometry.centroid());
}

}  // namespace

std::vector<ComparedObject> comparedObjects(const QgsGeometry& geometry, const QString& label, std::optional<double> score) {
  std::vector<ComparedObject> objects;
  if (geometry.isNull() || geometry.type() != Qgis::GeometryType::Polygon) return objects;
  QString name = label.toLower();
  name.replace(QLatin1Char('_'), QLatin1Char(' ')).replace(QLatin1Char('-'), QLatin1Char(' '));
  QgsGeometry straight = geometry;
  straight.convertToStraightSegment();
  const QVector<QgsGeometry> parts = straight.asGeometryCollection();
  for (const QgsGeometry& part : parts) {
    if (outlineOf(part).size() >= 3) objects.push_back({part, name.simplified(), score});
  }
  return objects;
}

TruthComparison compareWithTruth(const std::vector<ComparedObject>& truths, const std::vector<ComparedObject>& detections,
                                 const QgsGeometry& area, double overlap) {
  std::vector<learn::TrueObject> trueObjects;
  std::vector<const ComparedObject*> trueSources;
  for (const ComparedObject& truth : truths) {
    const bool counts = centreInside(area, truth);
    if (!counts && !area.intersects(truth.geometry)) continue;
    trueObjects.push_back({kTheLayer, truth.label.toStdString(), outlineOf(truth.geometry), !counts});
    trueSources.push_back(&truth);
  }
  std::vector<learn::FoundObject> found;
  std::vector<const ComparedObject*> foundSources;
  bool scored = true;
  for (const ComparedObject& detection : detections) {
    if (!centreInside(area, detection)) continue;
    found.push_back({kTheLayer, detection.label.toStdString(), outlineOf(detection.geometry), detection.score.value_or(1)});
    foundSources.push_back(&detection);
    scored = scored && detection.score.has_value();
  }

  TruthComparison comparison;
  comparison.findings =
      learn::judgeDetections(trueObjects, found, {.overlap = overlap, .scores = scored && !found.empty(), .coco = false});
  const learn::PrecisionReport& report = comparison.findings.scored ? *comparison.findings.scored : comparison.findings.flat;
  comparison.objects.resize(found.size());
  std::vector<bool> met(trueObjects.size(), false);
  for (const auto& [label, precision] : report.classes) {
    comparison.precision.right += precision.hits;
    comparison.precision.asked += precision.found;
    comparison.recall.right += precision.hits;
    comparison.recall.asked += precision.truths;
    for (const learn::Judgement& judgement : precision.judged) {
      if (judgement.truth) met[*judgement.truth] = true;
      const Fate fate = judgement.verdict == learn::Verdict::Hit    ? Fate::Right
                        : judgement.verdict == learn::Verdict::Miss ? Fate::Wrong
                                                                    : Fate::NotCounted;
      comparison.objects[judgement.found] = {*foundSources[judgement.found], fate, judgement.overlap};
    }
  }
  for (std::size_t index = 0; index < trueObjects.size(); ++index) {
    if (!met[index] && !trueObjects[index].difficult) comparison.objects.push_back({*trueSources[index], Fate::Missed, 0});
  }
  return comparison;
}

}  // namespace orthoscribe::plugin
