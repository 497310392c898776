// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/conversation.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>
#include <utility>

#include "core/base/error.h"
#include "core/learn/data/json_fields.h"

namespace orthoscribe::learn {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::InvalidInput, message);
}

Role roleNamed(const std::string& name) {
  if (name == "system") return Role::System;
  if (name == "human" || name == "user") return Role::User;
  if (name == "gpt" || name == "assistant") return Role::Assistant;
  refuse("\"from\" is '" + name + "', none of system, human and gpt");
}

std::string_view nameOf(Role role) {
  if (role == Role::System) return "system";
  return role == Role::User ? "human" : "gpt";
}

std::vector<Turn> turnsOf(const json& sample) {
  const json* found = member(sample, "conversations");
  if (found == nullptr || !found->is_array() || found->empty()) refuse("\"conversations\" is missing or empty");
  std::vector<Turn> turns;
  for (const json& item : *found) {
    if (!item.is_object() || !item.contains("value")) refuse("\"conversations\" holds something without \"value\"");
    turns.push_back({roleNamed(textAt(item, "from")), textAt(item, "value")});
  }
  return turns;
}

LabelledShape shapeOf(const json& item) {
  if (!item.is_object()) refuse("\"objects\" holds something that is not an object");
  LabelledShape shape{textAt(item, "label"), {}, false};
  const json* quad = member(item, "quad");
  if (quad == nullptr) refuse("\"quad\" is missing");
  const std::vector<double> numbers = flatNumbers(*quad, "quad");
  if (numbers.size() != 8) refuse("\"quad\" is not a list of eight numbers");
  for (std::size_t i = 0; i < shape.quad.size(); ++i) shape.quad[i] = {numbers[2 * i], numbers[2 * i + 1]};
  shape.difficult = flagAt(item, "difficult", false);
  return shape;
}

std::vector<LabelledShape> objectsOf(const json& sample) {
  const json* found = member(sample, "objects");
  if (found == nullptr) return {};
  if (!found->is_array()) refuse("\"objects\" is not a list");
  std::vector<LabelledShape> objects;
  for (const json& item : *found) objects.push_back(shapeOf(item));
  return objects;
}

std::size_t markersIn(const std::vector<Turn>& turns) {
  std::size_t count = 0;
  for (const Turn& turn : turns) {
    for (std::size_t at = turn.text.find(kImageMarker); at != std::string::npos; at = turn.text.find(kImageMarker, at + 1))
      ++count;
  }
  return count;
}

void checkOrder(const std::vector<Turn>& turns) {
  const std::size_t first = turns.front().role == Role::System ? 1 : 0;
  for (std::size_t i = first; i < turns.size(); ++i) {
    const Role expected = (i - first) % 2 == 0 ? Role::User : Role::Assistant;
    if (turns[i].role != expected)
      refuse("turn " + std::to_string(i + 1) + " of \"conversations\" is from " + std::string(nameOf(turns[i].role)) + " where " +
             std::string(nameOf(expected)) + " should speak");
  }
  if (first == turns.size()) refuse("\"conversations\" holds no question");
}

void check(const Conversation& conversation) {
  checkOrder(conversation.turns);
  const std::size_t markers = markersIn(conversation.turns);
  if (markers != 0 && markers != conversation.images.size()) {
    refuse("there are " + std::to_string(markers) + " markers <image> for " + std::to_string(conversation.images.size()) +
           " pictures");
  }
  if (conversation.rejected && conversation.turns.back().role != Role::Assistant)
    refuse("\"rejected\" stands beside a conversation that does not end with an answer");
}

template <typename Json>
void put(Json& sample, const char* key, const std::string& text) {
  if (!text.empty()) sample[key] = text;
}

}  // namespace

Conversation conversationOf(const json& sample) {
  if (!sample.is_object()) refuse("a sample is not an object");
  Conversation conversation;
  conversation.id = textAt(sample, "id");
  conversation.images = textsAt(sample, "image");
  std::erase(conversation.images, std::string());
  conversation.source = textAt(sample, "source");
  conversation.task = textAt(sample, "task");
  conversation.type = textAt(sample, "type");
  conversation.turns = turnsOf(sample);
  if (member(sample, "rejected") != nullptr) conversation.rejected = textAt(sample, "rejected");
  conversation.objects = objectsOf(sample);
  conversation.references = textsAt(sample, "references");
  check(conversation);
  return conversation;
}

Conversation parseConversation(std::string_view line) {
  return conversationOf(parseJson(line));
}

void writeConversation(std::ostream& out, const Conversation& conversation) {
  nlohmann::ordered_json sample;
  put(sample, "id", conversation.id);
  if (!conversation.images.empty()) sample["image"] = conversation.images;
  put(sample, "source", conversation.source);
  put(sample, "task", conversation.task);
  put(sample, "type", conversation.type);
  sample["conversations"] = nlohmann::ordered_json::array();
  for (const Turn& turn : conversation.turns) {
    nlohmann::ordered_json said;
    said["from"] = nameOf(turn.role);
    said["value"] = turn.text;
    sample["conversations"].push_back(std::move(said));
  }
  if (conversation.rejected) sample["rejected"] = *conversation.rejected;
  for (const LabelledShape& shape : conversation.objects) {
    nlohmann::ordered_json object;
    object["label"] = shape.label;
    for (const geo::Point& corner : shape.quad) {
      object["quad"].push_back(corner.x);
      object["quad"].push_back(corner.y);
    }
    object["difficult"] = shape.difficult;
    sample["objects"].push_back(std::move(object));
  }
  if (!conversation.references.empty()) sample["references"] = conversation.references;
  out << sample.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace) << '\n';
}

ConversationReader::ConversationReader(std::filesystem::path path, SkipReport& report)
    : path_(std::move(path)), report_(report), stream_(path_, std::ios::binary) {
  if (!std::filesystem::exists(path_)) throw Error(ErrorCode::NotFound, path_.string() + " does not exist");
  if (!stream_) throw Error(ErrorCode::Io, path_.string() + " cannot be read");
}

std::optional<Conversation> ConversationReader::next() {
  std::string text;
  while (std::getline(stream_, text)) {
    ++line_;
    if (text.find_first_not_of(" \t\r") == std::string::npos) continue;
    try {
      Conversation conversation = parseConversation(text);
      report_.good();
      return conversation;
    } catch (const Error& error) {
      report_.skip({BadKind::BrokenRecord, where(), error.message()});
    }
  }
  if (stream_.bad()) throw Error(ErrorCode::Io, path_.string() + " cannot be read to its end");
  return std::nullopt;
}

std::string ConversationReader::where() const {
  return path_.string() + ":" + std::to_string(line_);
}

}  // namespace orthoscribe::learn
