// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/evaluation.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "core/base/error.h"
#include "core/learn/evaluate/expert_usage.h"

namespace orthoscribe::learn {
namespace {

using Exams = std::vector<std::unique_ptr<TaskExam>>;

TaskExam& examFor(const Exams& exams, const ExamCase& one) {
  const auto found = std::find_if(exams.begin(), exams.end(), [&](const auto& exam) { return exam->takes(one); });
  if (found == exams.end()) {
    throw Error(ErrorCode::Unsupported, one.id + ": there is no way to judge the task \"" + one.task + "\"",
                "Known are caption, vqa, classification, detection, grounding, knowledge, zoom, change and aspect.");
  }
  return **found;
}

Reply askOne(VisionLanguageModel& model, const ExamCase& one, bool probabilities, bool routing, const CancelToken& cancel) {
  cancel.throwIfCancelled();
  GenerationOptions generation;
  generation.maxNewTokens = one.maxTokens;
  generation.logProbabilities = probabilities;
  generation.routing = routing;
  Reply reply = model.chat(one.messages(), generation, {}, cancel);
  cancel.throwIfCancelled();
  return reply;
}

// Questions handed out to as many threads as may ask at once; the first failure ends all.
class Asker {
 public:
  Asker(VisionLanguageModel& model, const std::vector<const ExamCase*>& cases, const std::vector<bool>& probabilities,
        const ProgressCallback& progress, const CancelToken& cancel)
      : model_(model),
        cases_(cases),
        probabilities_(probabilities),
        routing_(!model.info().adapters.empty()),
        progress_(progress),
        cancel_(cancel),
        replies_(cases.size()) {}

  std::vector<Reply> run(int parallel) {
    std::vector<std::thread> threads;
    for (int number = 1; number < parallel; ++number) threads.emplace_back([this] { work(); });
    work();
    for (std::thread& thread : threads) thread.join();
    if (failure_) std::rethrow_exception(failure_);
    return std::move(replies_);
  }

 private:
  void work() {
    for (std::size_t index; (index = next_++) < cases_.size();) {
      try {
        replies_[index] = askOne(model_, *cases_[index], probabilities_[index], routing_, cancel_);
      } catch (...) {
        const std::lock_guard lock(mutex_);
        if (!failure_) failure_ = std::current_exception();
        next_ = cases_.size();
        return;
      }
      const std::lock_guard lock(mutex_);
      if (progress_) progress_({++done_, static_cast<std::int64_t>(cases_.size()), "questions", cases_[index]->task});
    }
  }

  VisionLanguageModel& model_;
  const std::vector<const ExamCase*>& cases_;
  const std::vector<bool>& probabilities_;
  bool routing_;  // experts live in adapters, and not every server puts up with words of ours
  const ProgressCallback& progress_;
  const CancelToken& cancel_;
  std::vector<Reply> replies_;
  std::atomic<std::size_t> next_{0};
  std::mutex mutex_;
  std::int64_t done_ = 0;
  std::exception_ptr failure_;
};

std::vector<const ExamCase*> chosen(const std::vector<ExamCase>& cases, const std::vector<std::string>& tasks) {
  std::vector<const ExamCase*> list;
  for (const ExamCase& one : cases) {
    if (tasks.empty() || std::find(tasks.begin(), tasks.end(), one.task) != tasks.end()) list.push_back(&one);
  }
  return list;
}

std::string scoreLines(const ScoreTable& table) {
  std::string text = "\n| " + table.title + " | right | 95 % interval | counts |\n| --- | --- | --- | --- |\n";
  for (const auto& [name, score] : table.rows) {
    text += "| " + name + " | " + (score.asked == 0 ? "-" : percentText(score.share())) + " | " +
            (score.asked == 0 ? "-" : intervalText(score.interval())) + " | " + std::to_string(score.right) + " of " +
            std::to_string(score.asked) + " |\n";
  }
  return text + (table.note.empty() ? "" : "\n" + table.note + "\n");
}

std::string textLines(const TextTable& table) {
  const auto line = [](const std::vector<std::string>& values) {
    std::string text = "|";
    for (const std::string& value : values) text += " " + value + " |";
    return text + "\n";
  };
  std::string text = "\n" + (table.title.empty() ? "" : table.title + "\n\n") + line(table.headers) +
                     line(std::vector<std::string>(table.headers.size(), "---"));
  for (const auto& row : table.rows) text += line(row);
  return text + (table.note.empty() ? "" : "\n" + table.note + "\n");
}

}  // namespace

EvaluationResult evaluateCases(VisionLanguageModel& model, const tasks::Dialect* dialect, const std::vector<ExamCase>& cases,
                               const EvaluationOptions& options, const ProgressCallback& progress, const CancelToken& cancel) {
  const Exams exams =
      taskExams({.dialect = dialect, .model = model.info(), .overlap = options.overlap, .worstCases = options.worstCases});
  const std::vector<const ExamCase*> asked = chosen(cases, options.tasks);
  std::vector<bool> probabilities;
  for (const ExamCase* one : asked) probabilities.push_back(examFor(exams, *one).wantsProbabilities());
  const std::vector<Reply> replies = Asker(model, asked, probabilities, progress, cancel).run(options.parallel);
  std::vector<const TaskExam*> used;
  ExpertUsage experts;
  for (std::size_t index = 0; index < asked.size(); ++index) {
    TaskExam& exam = examFor(exams, *asked[index]);
    exam.take(*asked[index], replies[index]);
    experts.add(asked[index]->task + (asked[index]->task == "vqa" ? ": " + asked[index]->type : ""), replies[index]);
    if (std::find(used.begin(), used.end(), &exam) == used.end()) used.push_back(&exam);
  }
  EvaluationResult result;
  result.questions = asked.size();
  for (const auto& exam : exams) {
    if (std::find(used.begin(), used.end(), exam.get()) == used.end()) continue;
    result.sections.push_back(exam->section());
    result.json[std::string(exam->name())] = exam->json();
  }
  if (!experts.empty()) {
    result.sections.push_back(experts.section());
    result.json["experts"] = experts.json();
  }
  return result;
}

std::string evaluationMarkdown(const std::vector<ReportSection>& sections) {
  std::string text;
  for (const ReportSection& section : sections) {
    text += (text.empty() ? "## " : "\n## ") + section.title + "\n";
    if (!section.note.empty()) text += "\n" + section.note + "\n";
    for (const ScoreTable& table : section.scores) text += scoreLines(table);
    for (const TextTable& table : section.tables) text += textLines(table);
  }
  return text;
}

}  // namespace orthoscribe::learn
