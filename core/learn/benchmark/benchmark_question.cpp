// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/benchmark/benchmark_question.h"

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::learn {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::array<std::pair<QuestionType, std::string_view>, 4> kTypes = {{{QuestionType::Choice, "choice"},
                                                                              {QuestionType::Short, "short"},
                                                                              {QuestionType::Boolean, "boolean"},
                                                                              {QuestionType::Numeric, "numeric"}}};
constexpr std::size_t kMaxChoices = 26;

QuestionType typeNamed(const std::string& name) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& type) { return type.second == name; });
  if (found == kTypes.end())
    throw Error(ErrorCode::InvalidInput, "type: \"" + name + "\" is not known", "Use choice, short, boolean or numeric.");
  return found->first;
}

std::string text(const Json& object, const char* field, bool required) {
  if (!object.contains(field)) {
    if (required) throw Error(ErrorCode::InvalidInput, std::string(field) + " is missing");
    return {};
  }
  if (!object[field].is_string()) throw Error(ErrorCode::InvalidInput, std::string(field) + " is no text");
  return object[field].get<std::string>();
}

std::vector<std::string> texts(const Json& object, const char* field) {
  std::vector<std::string> list;
  if (!object.contains(field)) return list;
  if (!object[field].is_array()) throw Error(ErrorCode::InvalidInput, std::string(field) + " is no list");
  for (const Json& entry : object[field]) {
    if (!entry.is_string()) throw Error(ErrorCode::InvalidInput, std::string(field) + " holds what is no text");
    list.push_back(entry.get<std::string>());
  }
  return list;
}

std::size_t answerIndex(const BenchmarkQuestion& question) {
  const auto place = std::find(question.choices.begin(), question.choices.end(), question.answer);
  if (place == question.choices.end()) throw Error(ErrorCode::InvalidInput, "choices do not hold the answer");
  return static_cast<std::size_t>(place - question.choices.begin());
}

char letterOf(std::size_t index) {
  return static_cast<char>('A' + index);
}

BenchmarkQuestion questionOf(const std::string& line) {
  const Json object = Json::parse(line, nullptr, false);
  if (!object.is_object()) throw Error(ErrorCode::InvalidInput, "no JSON object");
  BenchmarkQuestion question{.id = text(object, "id", true),
                             .question = text(object, "question", true),
                             .type = typeNamed(text(object, "type", true)),
                             .choices = texts(object, "choices"),
                             .answer = text(object, "answer", true),
                             .aliases = texts(object, "aliases"),
                             .topic = text(object, "topic", false),
                             .difficulty = text(object, "difficulty", false),
                             .source = text(object, "source", false),
                             .fact = text(object, "fact", false),
                             .split = text(object, "split", false)};
  if (question.choices.size() > kMaxChoices) throw Error(ErrorCode::InvalidInput, "choices are more than there are letters");
  if (question.type == QuestionType::Choice) answerIndex(question);
  return question;
}

}  // namespace

std::string_view questionTypeName(QuestionType type) {
  return std::find_if(kTypes.begin(), kTypes.end(), [&](const auto& entry) { return entry.first == type; })->second;
}

std::string benchmarkPrompt(const BenchmarkQuestion& question) {
  std::string prompt = question.question;
  for (std::size_t index = 0; index < question.choices.size(); ++index)
    prompt += std::string("\n") + letterOf(index) + ") " + question.choices[index];
  return prompt;
}

std::string benchmarkReply(const BenchmarkQuestion& question) {
  if (question.type != QuestionType::Choice) return question.answer;
  return std::string(1, letterOf(answerIndex(question)));
}

void writeBenchmark(const std::vector<BenchmarkQuestion>& questions, std::ostream& stream) {
  for (const BenchmarkQuestion& question : questions) {
    Json object = {{"id", question.id}, {"question", question.question}, {"type", questionTypeName(question.type)}};
    if (!question.choices.empty()) object["choices"] = question.choices;
    object["answer"] = question.answer;
    if (!question.aliases.empty()) object["aliases"] = question.aliases;
    object["topic"] = question.topic;
    object["difficulty"] = question.difficulty;
    object["source"] = question.source;
    object["fact"] = question.fact;
    object["split"] = question.split;
    stream << object.dump() << '\n';
  }
}

std::vector<BenchmarkQuestion> readBenchmark(const std::filesystem::path& path) {
  std::istringstream lines(readTextFile(path));
  std::vector<BenchmarkQuestion> questions;
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      questions.push_back(questionOf(line));
    } catch (const Error& error) {
      throw Error(error.code(), path.string() + ":" + std::to_string(number) + ": " + error.message(), error.hint());
    }
  }
  return questions;
}

}  // namespace orthoscribe::learn
