// SPDX-License-Identifier: GPL-2.0-or-later
// All that is said of detections beside true objects: what was found, how it scores, and how a report shows it.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "core/learn/metrics/average_precision.h"
#include "core/learn/metrics/coco_precision.h"
#include "core/learn/metrics/report/evaluation_page.h"
#include "core/learn/metrics/threshold_sweep.h"

namespace orthoscribe::learn {

struct DetectionFindings {
  double overlap = 0.5;
  PrecisionReport flat;  // mAP_nc: without scores
  // With scores, where the detections have them:
  std::optional<PrecisionReport> scored;
  std::optional<CocoReport> coco;
  std::optional<ThresholdSweep> sweep;
  ConfusionMatrix confusion;  // by best overlap, whatever the class; with what was missed and what is nothing
};

struct DetectionJudging {
  double overlap = 0.5;
  bool scores = false;  // whether those of the found objects mean something
  bool coco = false;    // COCO's rules, too; they take a hundred detections a picture, which says nothing of a whole layer
};

DetectionFindings judgeDetections(const std::vector<TrueObject>& truths, const std::vector<FoundObject>& found,
                                  const DetectionJudging& judging);

// Tables and figures; cases are left to the caller.
ReportSection detectionSection(const DetectionFindings& findings);
// {"overlap", "map_nc", "map_voc07", "map_voc12", "map_coco", "precision", "recall", "f1", "best_threshold", "classes": {...},
// "sweep": [...]}; what has no value is null.
nlohmann::ordered_json detectionJson(const DetectionFindings& findings);

}  // namespace orthoscribe::learn
