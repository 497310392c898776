// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "core/base/error.h"
#include "core/engine/verify/json_fixtures.h"
#include "core/engine/verify/kinds.h"
#include "core/text/chat_template.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;

// The text of a message, given as it is or as parts of text and images.
std::string textOf(const nlohmann::json& content, const text::ChatTemplate& chatTemplate, bool numbered, std::size_t& images) {
  if (content.is_string()) return content;
  std::string text;
  for (const nlohmann::json& part : content) {
    const auto type = part.at("type").get<std::string>();
    if (type == "image" || type == "image_url") {
      text += chatTemplate.imageMark(++images, numbered);
    } else if (type == "text") {
      text += part.at("text").get<std::string>();
    } else {
      throw Error(ErrorCode::Unsupported, "messages with parts of the type '" + type + "'");
    }
  }
  return text;
}

std::vector<text::Turn> turnsOfMessages(const nlohmann::json& messages, const text::ChatTemplate& chatTemplate, bool numbered) {
  std::vector<text::Turn> turns;
  std::size_t images = 0;
  for (const nlohmann::json& message : messages)
    turns.push_back({message.at("role"), textOf(message.at("content"), chatTemplate, numbered, images)});
  return turns;
}

// InternVL's form: a system text, then questions with answers; the last answer may be missing.
std::vector<text::Turn> turnsOfRow(const nlohmann::json& row) {
  std::vector<text::Turn> turns;
  if (!row.at("system").is_null()) turns.push_back({"system", row["system"]});
  for (const nlohmann::json& turn : row.at("turns")) {
    turns.push_back({"user", turn.at("question")});
    if (!turn.at("answer").is_null()) turns.push_back({"assistant", turn["answer"]});
  }
  return turns;
}

class Renderings {
 public:
  void add(const std::string& actual, const std::string& expected) {
    ++total_;
    const Check check = sameText({}, actual, expected);
    if (!check.holds() && differences_++ == 0) example_ = "row " + std::to_string(total_) + " " + check.note;
  }
  Check check() const { return exactly("rendered text", differences_, total_, example_); }

 private:
  std::int64_t differences_ = 0;
  std::int64_t total_ = 0;
  std::string example_;
};

void compareFamily(const nlohmann::json& file, CaseResult& result) {
  const auto chatTemplate = text::chatTemplateNamed(file.at("family").get<std::string>());
  Renderings renderings;
  for (const nlohmann::json& row : file.at("rows"))
    renderings.add(chatTemplate->render(turnsOfMessages(row.at("messages"), *chatTemplate, row.value("add_vision_id", false)),
                                        row.at("add_generation_prompt")),
                   row.at("rendered"));
  result.checks.push_back(renderings.check());
}

void compareNamed(const nlohmann::json& file, const std::string& name, CaseResult& result) {
  const auto chatTemplate = text::chatTemplateNamed(name);
  Renderings renderings;
  for (const nlohmann::json& row : file.at("rows")) {
    if (row.at("template") != name) continue;
    const std::vector<text::Turn> turns = turnsOfRow(row);
    renderings.add(chatTemplate->render(turns, turns.back().role == "user"), row.at("rendered"));
  }
  result.checks.push_back(renderings.check());
}

}  // namespace

std::vector<FixtureCase> chatTemplatesIn(const fs::path& folder) {
  std::vector<FixtureCase> cases;
  for (const JsonFixture& file : jsonFixturesIn(folder)) {
    if (file.kind == JsonFixtureKind::ChatTemplate)
      cases.push_back({.place = file.path, .family = "chat templates", .run = [content = file.content](CaseResult& result) {
                         compareFamily(*content, result);
                       }});
    if (file.kind != JsonFixtureKind::NamedTemplates) continue;
    std::set<std::string> names;
    for (const nlohmann::json& row : file.content->at("rows")) names.insert(row.at("template").get<std::string>());
    for (const std::string& name : names)
      cases.push_back({.place = file.path / name,
                       .family = "chat templates",
                       .run = [content = file.content, name](CaseResult& result) { compareNamed(*content, name, result); }});
  }
  return cases;
}

}  // namespace orthoscribe::engine::verify
