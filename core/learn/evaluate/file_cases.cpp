// SPDX-License-Identifier: GPL-2.0-or-later
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>

#include "core/base/error.h"
#include "core/base/image_codec.h"
#include "core/learn/data/conversation.h"
#include "core/learn/evaluate/exam_case.h"

namespace orthoscribe::learn {
namespace {

constexpr int kClosedBookAnswer = 32;

// Longest answers that the tasks need; detections of a crowded picture most.
int tokensFor(const std::string& task) {
  if (task == "detection") return 2048;
  if (task == "caption" || task == "aspect") return 256;
  return task == "classification" || task == "vqa" || task == "knowledge" ? 64 : 512;
}

std::vector<Message> messagesOf(const Conversation& conversation, const std::filesystem::path& root) {
  std::vector<Message> messages;
  std::size_t taken = 0;
  bool marked = false;
  for (const Turn& turn : conversation.turns) marked = marked || turn.text.find(kImageMarker) != std::string::npos;
  for (std::size_t index = 0; index + 1 < conversation.turns.size(); ++index) {
    Message& message = messages.emplace_back();
    message.role = conversation.turns[index].role;
    message.text = conversation.turns[index].text;
    std::size_t wanted = 0;
    if (marked) {
      for (std::size_t at = 0; (at = message.text.find(kImageMarker, at)) != std::string::npos; at += kImageMarker.size())
        ++wanted;
    } else if (message.role == Role::User && taken == 0) {
      wanted = conversation.images.size();
    }
    for (; wanted > 0 && taken < conversation.images.size(); --wanted, ++taken)
      message.images.push_back(readImageFile(root / conversation.images[taken]));
  }
  return messages;
}

// The question without its markers, as a report shows it.
std::string questionOf(const Conversation& conversation) {
  std::string question = conversation.turns[conversation.turns.size() - 2].text;
  for (std::size_t at; (at = question.find(kImageMarker)) != std::string::npos;) question.erase(at, kImageMarker.size());
  const std::size_t begin = question.find_first_not_of(" \n");
  return begin == std::string::npos ? std::string() : question.substr(begin);
}

void checkUsable(const Conversation& conversation, const std::string& where) {
  if (conversation.turns.size() < 2 || conversation.turns.back().role != Role::Assistant)
    throw Error(ErrorCode::InvalidInput, where + ": the conversation does not end with an answer",
                "The last turn is the truth that answers are compared with.");
  if (conversation.task.empty())
    throw Error(ErrorCode::InvalidInput, where + ": task is missing", "It says how the answer is judged: vqa, caption, ...");
}

ExamCase caseOf(const Conversation& conversation, const std::filesystem::path& root) {
  ExamCase one;
  one.id = conversation.id;
  one.picture = conversation.images.empty() ? std::string() : conversation.images.front();
  one.task = conversation.task;
  one.type = conversation.type;
  one.question = questionOf(conversation);
  one.truth = conversation.turns.back().text;
  one.references = conversation.references;
  one.objects = conversation.objects;
  one.maxTokens = tokensFor(one.task);
  if (one.references.empty()) one.references = {one.truth};
  one.messages = [conversation, root] { return messagesOf(conversation, root); };
  if (!one.picture.empty()) one.image = [path = root / one.picture] { return readImageFile(path); };
  return one;
}

}  // namespace

bool isBenchmarkFile(const std::filesystem::path& file) {
  std::ifstream stream(file);
  if (!stream) throw Error(ErrorCode::NotFound, file.string() + ": cannot be opened");
  std::string line;
  while (std::getline(stream, line) && line.find_first_not_of(" \t\r") == std::string::npos) {
  }
  const auto object = nlohmann::json::parse(line, nullptr, false);
  return object.is_object() && object.contains("question") && object.contains("answer");
}

std::vector<ExamCase> benchmarkCases(const std::filesystem::path& file, const std::string& instruction) {
  std::vector<ExamCase> cases;
  for (const BenchmarkQuestion& question : readBenchmark(file)) {
    ExamCase& one = cases.emplace_back();
    one.id = question.id;
    one.task = "knowledge";
    one.type = questionTypeName(question.type);
    one.question = benchmarkPrompt(question);
    one.truth = question.answer;
    one.benchmark = question;
    one.maxTokens = kClosedBookAnswer;
    one.messages = [prompt = one.question + (instruction.empty() ? "" : "\n" + instruction)] {
      return std::vector<Message>{{Role::User, prompt, {}}};
    };
  }
  return cases;
}

std::vector<ExamCase> conversationCases(const std::filesystem::path& file, const std::filesystem::path& imageRoot) {
  const std::filesystem::path root = imageRoot.empty() ? file.parent_path() : imageRoot;
  SkipReport report({.share = 0, .atLeast = 0});
  ConversationReader reader(file, report);
  std::vector<ExamCase> cases;
  std::set<std::string> labels;
  while (const auto conversation = reader.next()) {
    checkUsable(*conversation, reader.where());
    cases.push_back(caseOf(*conversation, root));
    if (conversation->task != "detection") continue;
    for (const LabelledShape& object : conversation->objects) labels.insert(object.label);
  }
  for (ExamCase& one : cases) {
    if (one.task == "detection") one.classes.assign(labels.begin(), labels.end());
  }
  return cases;
}

}  // namespace orthoscribe::learn
