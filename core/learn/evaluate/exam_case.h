// SPDX-License-Identifier: GPL-2.0-or-later
// One question of an evaluation with its truth, wherever it comes from.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/learn/benchmark/benchmark_question.h"
#include "core/learn/data/record.h"
#include "core/learn/data/sample.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::learn {

struct ExamCase {
  std::string id;        // of the question; need not be the only one of its name
  std::string picture;   // its name; empty without one
  std::string task;      // caption, vqa, classification, detection, grounding, knowledge, zoom, change, aspect
  std::string type;      // of the question; may be empty
  std::string question;  // as shown in reports
  std::string truth;     // the expected answer in words; of detections empty
  std::vector<std::string> references = {};         // captions of equal worth
  std::vector<LabelledShape> objects = {};          // pixels of the picture
  std::vector<std::string> classes = {};            // that a detection asks for
  std::optional<BenchmarkQuestion> benchmark = {};  // of closed-book questions
  int maxTokens = 64;
  std::function<std::vector<Message>()> messages;  // reads what pictures it needs
  std::function<RgbImage()> image = {};            // the (first) picture; null without one
};

// What is asked of labelled pictures: the scene's class; whether attributes and objects are there; how many of the labelled
// classes; a description, where there is a caption; the boxes of each class that is labelled or known to be absent.
// samples and dialect must outlive the cases.
std::vector<ExamCase> sampleCases(const std::vector<Sample>& samples, const tasks::Dialect& dialect);

// Questions of a benchmark's file; instruction: added to each on a line of its own, for models that were not trained on such.
// Throws as readBenchmark.
std::vector<ExamCase> benchmarkCases(const std::filesystem::path& file, const std::string& instruction);

// Conversations, each asked up to its last answer. imageRoot: the folder that pictures are relative to; empty: the file's.
// Throws Error{NotFound, Io}, Error{InvalidInput} naming file and line.
std::vector<ExamCase> conversationCases(const std::filesystem::path& file, const std::filesystem::path& imageRoot);

// Whether the file's first line is a benchmark's question rather than a conversation. Throws Error{NotFound or Io}.
bool isBenchmarkFile(const std::filesystem::path& file);

}  // namespace orthoscribe::learn
