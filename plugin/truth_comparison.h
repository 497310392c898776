// SPDX-License-Identifier: GPL-2.0-or-later
// A layer of detections beside a layer of true objects, measured by the code that measures models. No GUI; any thread.
#pragma once

#include <qgsgeometry.h>

#include <QString>
#include <optional>
#include <vector>

#include "core/learn/metrics/detection_section.h"

namespace orthoscribe::plugin {

// A polygon of either layer in the coordinates of the truth layer.
struct ComparedObject {
  QgsGeometry geometry;  // one polygon
  QString label;
  std::optional<double> score = std::nullopt;
};

enum class Fate { Right, Wrong, Missed, NotCounted };

struct FatedObject {
  ComparedObject object;
  Fate fate = Fate::Wrong;
  double overlap = 0;  // of a detection with the true object that it was compared with
};

struct TruthComparison {
  learn::DetectionFindings findings;
  learn::Score precision;
  learn::Score recall;
  std::vector<FatedObject> objects;  // all detections, then the true objects that were missed
};

// The parts of a polygon feature. Labels are compared in lower case with '_' and '-' as blanks.
std::vector<ComparedObject> comparedObjects(const QgsGeometry& geometry, const QString& label, std::optional<double> score);

// area: objects count whose centre lies in it; null: all do. A true object that only reaches into it is neither found nor missed.
// With a score on every detection, metrics that need scores are taken too, and fates go by them.
TruthComparison compareWithTruth(const std::vector<ComparedObject>& truths, const std::vector<ComparedObject>& detections,
                                 const QgsGeometry& area, double overlap);

}  // namespace orthoscribe::plugin
