// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/case_messages.h"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/base/json_field.h"
#include "core/base/json_text.h"

namespace orthoscribe::engine::verify {
namespace {

Role roleOf(const JsonField& field) {
  const std::string role = field.text();
  if (role == "system") return Role::System;
  if (role == "user") return Role::User;
  if (role == "assistant") return Role::Assistant;
  field.fail("the role '" + role + "' is not known");
}

// Parts one after the other, a mark for each image.
std::string joined(const JsonField& parts) {
  std::string text;
  for (std::size_t i = 0; i < parts.arraySize(); ++i) {
    const JsonField part = parts.element(i);
    const std::string type = part.member("type").text();
    const bool image = type == "image" || type == "image_url";
    if (type != "text" && !image) part.unsupported("a part of the type '" + type + "'");
    text += image ? "<image>" : part.member("text").text();
  }
  return text;
}

Message message(Role role, const JsonField& content) {
  if (content.value().is_array()) return {.role = role, .text = joined(content), .images = {}};
  return {.role = role, .text = content.text(), .images = {}};
}

std::vector<Message> fromRoles(const JsonField& list) {
  std::vector<Message> messages;
  for (std::size_t i = 0; i < list.arraySize(); ++i) {
    const JsonField entry = list.element(i);
    messages.push_back(message(roleOf(entry.member("role")), entry.member("content")));
  }
  return messages;
}

std::vector<Message> fromTurns(const JsonField& file) {
  std::vector<Message> messages;
  if (!file.member("system").isNull()) messages.push_back(message(Role::System, file.member("system")));
  const JsonField turns = file.member("turns");
  for (std::size_t i = 0; i < turns.arraySize(); ++i) {
    messages.push_back(message(Role::User, turns.element(i).member("question")));
    const JsonField answer = turns.element(i).member("answer");
    if (!answer.isNull()) messages.push_back(message(Role::Assistant, answer));
  }
  return messages;
}

std::size_t marksIn(const std::string& text) {
  constexpr std::string_view kMark = "<image>";
  std::size_t count = 0;
  for (std::size_t at = text.find(kMark); at != std::string::npos; at = text.find(kMark, at + 1)) ++count;
  return count;
}

void giveImages(std::vector<Message>& messages, std::vector<RgbImage> images, const JsonField& file) {
  std::size_t marks = 0;
  for (const Message& one : messages) marks += marksIn(one.text);
  if (marks == 0) {
    const auto first = std::find_if(messages.begin(), messages.end(), [](const Message& one) { return one.role == Role::User; });
    if (first != messages.end()) first->images = std::move(images);
    return;
  }
  if (marks != images.size())
    file.fail("it marks " + std::to_string(marks) + " images, " + std::to_string(images.size()) + " are there");
  auto next = images.begin();
  for (Message& one : messages) {
    const auto end = next + static_cast<std::ptrdiff_t>(marksIn(one.text));
    one.images.assign(std::make_move_iterator(next), std::make_move_iterator(end));
    next = end;
  }
}

}  // namespace

std::vector<Message> caseMessages(const std::filesystem::path& path, std::vector<RgbImage> images) {
  const nlohmann::json value = readJsonFile(path);
  const JsonField file(value, path.filename().string() + ": ");
  std::vector<Message> messages = value.is_array() ? fromRoles(file) : fromTurns(file);
  giveImages(messages, std::move(images), file);
  return messages;
}

}  // namespace orthoscribe::engine::verify
