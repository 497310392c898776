// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/task_exam.h"

namespace orthoscribe::learn {

std::vector<std::unique_ptr<TaskExam>> taskExams(const ExamSetting& setting) {
  std::vector<std::unique_ptr<TaskExam>> exams;
  for (const auto make :
       {makeClassificationExam, makeVqaExam, makeCaptionExam, makeDetectionExam, makeGroundingExam, makeClosedBookExam}) {
    exams.push_back(make(setting));
  }
  return exams;
}

PicturedCase picturedCase(const ExamCase& one, const std::string& answer, std::string fault) {
  PicturedCase pictured;
  if (one.image) pictured.picture = one.image();
  pictured.title = one.picture.empty() ? one.id : one.picture;
  pictured.question = one.question;
  pictured.answer = answer;
  pictured.expected = one.truth;
  pictured.fault = std::move(fault);
  return pictured;
}

}  // namespace orthoscribe::learn
