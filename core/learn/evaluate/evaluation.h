// SPDX-License-Identifier: GPL-2.0-or-later
// Measures any model by the text it generates and nothing else.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/learn/evaluate/task_exam.h"

namespace orthoscribe::learn {

struct EvaluationOptions {
  std::vector<std::string> tasks;  // only these; empty: all
  int parallel = 1;                // questions under way at once, for servers
  double overlap = 0.5;
  std::size_t worstCases = 8;
};

struct EvaluationResult {
  std::vector<ReportSection> sections;
  nlohmann::ordered_json json;  // a member for each task that was asked for
  std::size_t questions = 0;
};

// Asks every case, in their order when parallel is 1, and judges by the task's exam; tasks without an exam are refused with
// Error{Unsupported}. Of a mixture of experts it is told which of them served which task. dialect: how the model speaks of boxes;
// null where that is not known, which only tasks with boxes mind. Throws what the model throws; Error{Cancelled}.
EvaluationResult evaluateCases(VisionLanguageModel& model, const tasks::Dialect* dialect, const std::vector<ExamCase>& cases,
                               const EvaluationOptions& options, const ProgressCallback& progress, const CancelToken& cancel);

// The sections' tables for a terminal or a model card.
std::string evaluationMarkdown(const std::vector<ReportSection>& sections);

}  // namespace orthoscribe::learn
