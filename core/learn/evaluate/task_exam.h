// SPDX-License-Identifier: GPL-2.0-or-later
// How the answers of one task are judged and told. Adding a task touches its file and the list in task_exams.cpp.
#pragma once

#include <memory>
#include <nlohmann/json.hpp>
#include <string_view>
#include <vector>

#include "core/learn/evaluate/exam_case.h"
#include "core/learn/metrics/report/evaluation_page.h"

namespace orthoscribe::learn {

struct ExamSetting {
  const tasks::Dialect* dialect = nullptr;  // how the model speaks of boxes; null: that is not known
  ModelInfo model;
  double overlap = 0.5;        // that a detection needs
  std::size_t worstCases = 8;  // that are pictured, a task
};

class TaskExam {
 public:
  virtual ~TaskExam() = default;
  virtual bool takes(const ExamCase& one) const = 0;
  // Whether the probabilities of the answer's tokens are wanted.
  virtual bool wantsProbabilities() const { return false; }
  // The case must outlive the exam.
  virtual void take(const ExamCase& one, const Reply& reply) = 0;
  // After the last take(), for exams that were given some. The name is the section's in JSON.
  virtual std::string_view name() const = 0;
  virtual ReportSection section() const = 0;
  virtual nlohmann::ordered_json json() const = 0;
};

std::unique_ptr<TaskExam> makeClassificationExam(const ExamSetting& setting);
std::unique_ptr<TaskExam> makeVqaExam(const ExamSetting& setting);
std::unique_ptr<TaskExam> makeCaptionExam(const ExamSetting& setting);
std::unique_ptr<TaskExam> makeGroundingExam(const ExamSetting& setting);
std::unique_ptr<TaskExam> makeDetectionExam(const ExamSetting& setting);
std::unique_ptr<TaskExam> makeClosedBookExam(const ExamSetting& setting);

// One of each.
std::vector<std::unique_ptr<TaskExam>> taskExams(const ExamSetting& setting);

// A case as a report pictures it, without boxes.
PicturedCase picturedCase(const ExamCase& one, const std::string& answer, std::string fault);

}  // namespace orthoscribe::learn
