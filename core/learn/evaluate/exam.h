// SPDX-License-Identifier: GPL-2.0-or-later
// Measures any model on held-out pictures, by the text it generates and nothing else.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/base/vision_language_model.h"
#include "core/learn/data/sample.h"
#include "core/learn/evaluate/average_precision.h"

namespace orthoscribe::learn {

struct Score {
  int right = 0;
  int asked = 0;
  double share() const { return asked > 0 ? static_cast<double>(right) / asked : 0; }
};

struct ExamResult {
  Score scene;
  std::map<std::string, Score> sceneByClass;
  Score presence;         // yes/no questions
  Score presentOnes;      // those of them whose answer is yes
  Score counts;           // exact
  Score countsNonZero;    // those of them whose answer is not 0
  double countError = 0;  // mean absolute difference; an answer that is no number counts as 0
  PrecisionReport boxes;  // mAP_nc, IoU 0.5, over pictures in which the class is labelled or known to be absent
  int boxQuestions = 0;
  int droppedLines = 0;  // lines of detections that could not be read
};

struct ExamOptions {
  bool scenes = true;
  bool questions = true;
  bool boxes = true;
};

// Asks, of every sample: the kind of scene; whether attributes and objects are there; how many of the labelled classes; and,
// through the dialect that the model names, the boxes of each class that is labelled or known to be absent. Throws what the model
// throws; Error{Cancelled}.
ExamResult examine(VisionLanguageModel& model, const std::vector<Sample>& samples, const ExamOptions& options,
                   const ProgressCallback& progress, const CancelToken& cancel);

// A scene's name in a text, whatever its case, blanks and punctuation; -1 when it is none of kScenes.
int sceneInText(std::string_view text);

}  // namespace orthoscribe::learn
