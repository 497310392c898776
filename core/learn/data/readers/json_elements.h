// SPDX-License-Identifier: GPL-2.0-or-later
// The elements of a JSON file one at a time, so that a file of gigabytes needs no memory of that size and a bad element has a
// line.
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

namespace orthoscribe::learn {

struct JsonElement {
  std::string text;
  std::int64_t line = 0;   // of its first character, from 1
  std::int64_t index = 0;  // from 0
};

// What stands at the top of a file.
enum class JsonTop { Lines, List, Object };

struct JsonOutline {
  JsonTop top = JsonTop::Object;
  std::vector<std::string> keys;  // of the object, or of the first element
};

class JsonElements {
 public:
  // Elements of the list at the file's top, or its lines; with a member, of the list that the object at the top has under that
  // name. Throws Error{NotFound or Io}.
  explicit JsonElements(std::filesystem::path path, std::string member = {});

  // Nothing after the last one, or when there is no such member. The text need not be valid JSON. Throws Error{InvalidInput}
  // naming file and line when the file ends within the list or something else than a list is there.
  std::optional<JsonElement> next();
  // "set.json:90 (annotations[3])", "set.jsonl:90".
  std::string where(const JsonElement& element) const;

 private:
  friend JsonOutline outlineOf(const std::filesystem::path& path);
  enum class Place { Before, List, Lines, After };

  void find();
  bool findMember();
  std::optional<JsonElement> nextOfList();
  std::optional<JsonElement> nextLine();
  int peek();
  int take();
  int skipBlanks();
  std::string value(bool keep);
  std::string string(bool keep);
  [[noreturn]] void refuse(const std::string& what) const;

  std::filesystem::path path_;
  std::string member_;
  std::ifstream stream_;
  Place place_ = Place::Before;
  std::int64_t line_ = 1;
  std::int64_t index_ = 0;
};

// Endings other than .jsonl whose first character opens an object are taken as one object. Throws as JsonElements.
JsonOutline outlineOf(const std::filesystem::path& path);

}  // namespace orthoscribe::learn
