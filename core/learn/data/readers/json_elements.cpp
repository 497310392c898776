// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/readers/json_elements.h"

#include <nlohmann/json.hpp>
#include <utility>

#include "core/base/error.h"
#include "core/learn/data/json_fields.h"

namespace orthoscribe::learn {
namespace {

constexpr int kEnd = std::char_traits<char>::eof();

bool isBlank(int character) {
  return character == ' ' || character == '\t' || character == '\r' || character == '\n';
}

}  // namespace

JsonElements::JsonElements(std::filesystem::path path, std::string member)
    : path_(std::move(path)), member_(std::move(member)), stream_(path_, std::ios::binary) {
  if (!std::filesystem::exists(path_)) throw Error(ErrorCode::NotFound, path_.string() + " does not exist");
  if (!stream_ || std::filesystem::is_directory(path_)) throw Error(ErrorCode::Io, path_.string() + " cannot be read");
}

std::optional<JsonElement> JsonElements::next() {
  if (place_ == Place::Before) find();
  if (place_ == Place::List) return nextOfList();
  return place_ == Place::Lines ? nextLine() : std::nullopt;
}

std::string JsonElements::where(const JsonElement& element) const {
  std::string text = path_.string() + ":" + std::to_string(element.line);
  if (place_ == Place::Lines) return text;
  return text + " (" + member_ + "[" + std::to_string(element.index) + "])";
}

void JsonElements::find() {
  // A mark of byte order.
  if (peek() == 0xEF) {
    for (int i = 0; i < 3; ++i) take();
  }
  const int first = skipBlanks();
  place_ = Place::After;
  if (first == kEnd) return;
  if (!member_.empty()) {
    if (first != '{') refuse("an object was expected at the top");
    if (!findMember()) return;
    if (skipBlanks() != '[') refuse("\"" + member_ + "\" is not a list");
  } else if (first != '[') {
    place_ = Place::Lines;
    return;
  }
  take();
  place_ = Place::List;
}

bool JsonElements::findMember() {
  take();
  while (true) {
    int next = skipBlanks();
    if (next == ',') {
      take();
      next = skipBlanks();
    }
    if (next == '}') return false;
    if (next != '"') refuse("the name of a member was expected");
    const std::string key = string(true);
    if (skipBlanks() != ':') refuse("':' was expected behind " + key);
    take();
    skipBlanks();
    if (key == "\"" + member_ + "\"") return true;
    value(false);
  }
}

std::optional<JsonElement> JsonElements::nextOfList() {
  int next = skipBlanks();
  if (next == ',' && index_ > 0) {
    take();
    next = skipBlanks();
  }
  if (next == ']') {
    place_ = Place::After;
    return std::nullopt;
  }
  if (next == '}') refuse("']' was expected, '}' is there");
  JsonElement element;
  element.line = line_;
  element.index = index_++;
  element.text = value(true);
  return element;
}

std::optional<JsonElement> JsonElements::nextLine() {
  if (skipBlanks() == kEnd) {
    place_ = Place::After;
    return std::nullopt;
  }
  JsonElement element;
  element.line = line_;
  element.index = index_++;
  for (int character = take(); character != kEnd && character != '\n'; character = take())
    element.text.push_back(static_cast<char>(character));
  return element;
}

int JsonElements::peek() {
  return stream_.rdbuf()->sgetc();
}

int JsonElements::take() {
  const int character = stream_.rdbuf()->sbumpc();
  if (character == '\n') ++line_;
  return character;
}

// Returns what stands behind them.
int JsonElements::skipBlanks() {
  while (isBlank(peek())) take();
  return peek();
}

// Up to the comma or bracket that ends it on its own level.
std::string JsonElements::value(bool keep) {
  std::string text;
  int depth = 0;
  while (true) {
    const int character = peek();
    if (character == kEnd) refuse("the file ends within a value");
    if (depth == 0 && (character == ',' || character == ']' || character == '}')) return text;
    if (character == '"') {
      text += string(keep);
      continue;
    }
    if (character == '{' || character == '[') ++depth;
    if (character == '}' || character == ']') --depth;
    take();
    if (keep) text.push_back(static_cast<char>(character));
  }
}

// With its quotes and escapes.
std::string JsonElements::string(bool keep) {
  std::string text;
  bool escaped = false;
  for (bool first = true;; first = false) {
    const int character = take();
    if (character == kEnd) refuse("the file ends within a text");
    if (keep) text.push_back(static_cast<char>(character));
    if (!first && !escaped && character == '"') return text;
    escaped = !escaped && character == '\\';
  }
}

void JsonElements::refuse(const std::string& what) const {
  throw Error(ErrorCode::InvalidInput, path_.string() + ":" + std::to_string(line_) + ": " + what,
              "Is the file whole? Its other end is missing, or a bracket or quote is.");
}

JsonOutline outlineOf(const std::filesystem::path& path) {
  JsonElements file(path);
  file.find();
  JsonOutline outline;
  if (file.place_ == JsonElements::Place::Lines && path.extension() != ".jsonl") {
    file.take();
    for (int next = file.skipBlanks(); next == '"' || next == ','; next = file.skipBlanks()) {
      if (next == ',') {
        file.take();
        continue;
      }
      const std::string key = file.string(true);
      outline.keys.push_back(key.substr(1, key.size() - 2));
      if (file.skipBlanks() == ':') file.take();
      file.skipBlanks();
      file.value(false);
    }
    return outline;
  }
  outline.top = file.place_ == JsonElements::Place::Lines ? JsonTop::Lines : JsonTop::List;
  if (const std::optional<JsonElement> first = file.next()) {
    const nlohmann::json element = nlohmann::json::parse(first->text, nullptr, false);
    if (element.is_object()) {
      for (const auto& [key, unused] : element.items()) outline.keys.push_back(key);
    }
  }
  return outline;
}

}  // namespace orthoscribe::learn
