// SPDX-License-Identifier: GPL-2.0-or-later
// A question of the closed-book benchmark: asked without a picture, answered from what a model has learned.
#pragma once

#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::learn {

enum class QuestionType { Choice, Short, Boolean, Numeric };

// "choice", "short", "boolean", "numeric".
std::string_view questionTypeName(QuestionType type);

struct BenchmarkQuestion {
  std::string id;
  std::string question;
  QuestionType type = QuestionType::Short;
  std::vector<std::string> choices;  // of a choice, in the order of their letters
  std::string answer;                // a choice's text; "yes" or "no"; a number with its unit
  std::vector<std::string> aliases;  // answers that are as good; a choice's letter and "true" and "false" need none
  std::string topic;
  std::string difficulty;  // easy, medium, hard
  std::string source;      // the table it was made from
  std::string fact;        // what it asks for: the same for all questions about it
  std::string split;       // train, paraphrase, unseen

  bool operator==(const BenchmarkQuestion&) const = default;
};

// The question as a model is asked it: a choice with a line "A) ..." for each of its options.
std::string benchmarkPrompt(const BenchmarkQuestion& question);

// What a model is taught to answer: the letter of a choice, the answer of all others.
std::string benchmarkReply(const BenchmarkQuestion& question);

// JSON lines with the fields above by their names; empty choices and aliases are left out.
void writeBenchmark(const std::vector<BenchmarkQuestion>& questions, std::ostream& stream);

// Throws Error{NotFound or Io}, Error{InvalidInput} naming file, line and field.
std::vector<BenchmarkQuestion> readBenchmark(const std::filesystem::path& path);

}  // namespace orthoscribe::learn
