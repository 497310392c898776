// SPDX-License-Identifier: GPL-2.0-or-later
// A map of a YAML file, read key by key; what was asked for is what is known, and everything else is refused.
#pragma once

#include <yaml-cpp/node/node.h>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace orthoscribe::learn {

struct NumberRange {
  double least = 0;
  double most = 1e18;
  bool leastItself = true;  // whether the least is allowed
};
inline constexpr NumberRange kAboveZero = {.least = 0, .most = 1e18, .leastItself = false};
inline constexpr NumberRange kShare = {.least = 0, .most = 1};
inline constexpr NumberRange kCount = {.least = 1};

class YamlFields {
 public:
  // node: a map, or nothing. path: its place in the file ("stages.1"), empty at the top. All functions throw Error{InvalidInput}
  // naming file, line and key.
  YamlFields(YAML::Node node, std::filesystem::path file, std::string path);

  bool has(const std::string& key) const;
  // A key that is not there leaves the value as it was.
  void read(const std::string& key, double& value, NumberRange range = {});
  void read(const std::string& key, std::int64_t& value, NumberRange range = {});
  void read(const std::string& key, std::uint64_t& value);
  void read(const std::string& key, int& value, NumberRange range = {});
  void read(const std::string& key, bool& value);
  void read(const std::string& key, std::string& value);
  void read(const std::string& key, std::filesystem::path& value);     // relative to the file
  void read(const std::string& key, std::vector<std::string>& value);  // a list, or a single text
  // One of the names given.
  template <typename Value>
  void read(const std::string& key, Value& value, const std::vector<std::pair<std::string, Value>>& names) {
    std::string text;
    read(key, text);
    if (text.empty() && !has(key)) return;
    std::string known;
    for (const auto& [name, named] : names) {
      if (name == text) {
        value = named;
        return;
      }
      known += (known.empty() ? "" : ", ") + name;
    }
    wrong(key, "is '" + text + "'", "give one of: " + known);
  }
  // Names with numbers.
  void read(const std::string& key, std::map<std::string, double>& value, NumberRange range = {});

  // The value of a key as it stands there, which counts as known from now on; not defined where it is missing.
  YAML::Node node(const std::string& key);
  YamlFields fields(const std::string& key);
  // The maps of a list. Throws where it is no list of maps.
  std::vector<YamlFields> list(const std::string& key);

  const std::filesystem::path& file() const { return file_; }
  const std::string& path() const { return path_; }
  std::filesystem::path beside(const std::string& path) const;

  // Refuses the first key that nobody asked for, naming the nearest that is known.
  void finish() const;

  [[noreturn]] void wrong(const std::string& key, const std::string& what, const std::string& hint = {}) const;

 private:
  std::string scalar(const std::string& key, const YAML::Node& node, const char* wanted) const;
  double number(const std::string& key, const YAML::Node& node, NumberRange range) const;
  std::int64_t whole(const std::string& key, const YAML::Node& node, NumberRange range) const;

  YAML::Node node_;
  std::filesystem::path file_;
  std::string path_;
  std::vector<std::string> known_;
};

// The file's top. overrides: "a.1.b=value". Throws Error{NotFound, InvalidInput} with file and line.
YamlFields readYaml(const std::filesystem::path& file, const std::vector<std::string>& overrides);

// How many letters must be put in, taken out or changed.
std::size_t lettersApart(std::string_view one, std::string_view other);

}  // namespace orthoscribe::learn
