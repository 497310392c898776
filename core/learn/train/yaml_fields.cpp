// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/yaml_fields.h"

#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <numeric>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::learn {
namespace {

std::string lineOf(const YAML::Mark& mark) {
  return mark.is_null() ? "" : ":" + std::to_string(mark.line + 1);
}

std::string shortNumber(double value) {
  char text[32];
  const auto [end, error] = std::to_chars(text, text + sizeof text, value);
  return error == std::errc() ? std::string(text, end) : std::string();
}

std::string rangeText(NumberRange range) {
  constexpr double kHuge = 1e17;
  std::string text = (range.leastItself ? "at least " : "above ") + shortNumber(range.least);
  if (range.most < kHuge) text += " and at most " + shortNumber(range.most);
  return text;
}

// "a.1.b=value" into the tree; maps on the way are made where they are missing.
void apply(YAML::Node top, const std::string& override, const std::filesystem::path& file) {
  const std::size_t equals = override.find('=');
  if (equals == std::string::npos || equals == 0)
    throw Error(ErrorCode::InvalidInput, "--set " + override + ": is no key=value", "write for example stages.0.steps=100");
  std::string rest = override.substr(0, equals);
  YAML::Node value;
  try {
    value = YAML::Load(override.substr(equals + 1));
  } catch (const YAML::Exception& error) {
    throw Error(ErrorCode::InvalidInput, "--set " + override + ": " + error.msg, "write the value as in the file");
  }
  YAML::Node place = top;
  while (true) {
    const std::size_t dot = rest.find('.');
    const std::string key = rest.substr(0, dot);
    const bool last = dot == std::string::npos;
    std::size_t index = 0;
    const bool isIndex = std::from_chars(key.data(), key.data() + key.size(), index).ptr == key.data() + key.size();
    if (place.IsSequence() ? (!isIndex || index >= place.size()) : (!place.IsMap() && !place.IsNull()))
      throw Error(ErrorCode::InvalidInput, "--set " + override + ": " + file.string() + " has nothing at '" + key + "'",
                  "name a key of the file; the first stage is stages.0");
    if (last) {
      if (place.IsSequence())
        place[index] = value;
      else
        place[key] = value;
      return;
    }
    place.reset(place.IsSequence() ? place[index] : place[key]);
    rest = rest.substr(dot + 1);
  }
}

}  // namespace

std::size_t lettersApart(std::string_view one, std::string_view other) {
  std::vector<std::size_t> row(other.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= one.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= other.size(); ++j) {
      const std::size_t changed = diagonal + (one[i - 1] == other[j - 1] ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({changed, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row.back();
}

YamlFields readYaml(const std::filesystem::path& file, const std::vector<std::string>& overrides) {
  YAML::Node top;
  try {
    top = YAML::Load(readTextFile(file));
  } catch (const YAML::Exception& error) {
    throw Error(ErrorCode::InvalidInput, file.string() + lineOf(error.mark) + ": " + error.msg, "correct the YAML");
  }
  for (const std::string& override : overrides) apply(top, override, file);
  return {top, file, ""};
}

YamlFields::YamlFields(YAML::Node node, std::filesystem::path file, std::string path)
    : node_(std::move(node)), file_(std::move(file)), path_(std::move(path)) {
  if (node_.IsDefined() && !node_.IsMap() && !node_.IsNull())
    throw Error(ErrorCode::InvalidInput, file_.string() + lineOf(node_.Mark()) + ": " +
                                             (path_.empty() ? std::string("the file") : "'" + path_ + "'") +
                                             " is no map of keys and values");
}

bool YamlFields::has(const std::string& key) const {
  return node_.IsMap() && std::as_const(node_)[key].IsDefined();
}

YAML::Node YamlFields::node(const std::string& key) {
  known_.push_back(key);
  if (!has(key)) return YAML::Node(YAML::NodeType::Undefined);
  return std::as_const(node_)[key];
}

void YamlFields::wrong(const std::string& key, const std::string& what, const std::string& hint) const {
  const YAML::Mark mark = has(key)            ? std::as_const(node_)[key].Mark()
                          : node_.IsDefined() ? node_.Mark()
                                              : YAML::Mark::null_mark();
  throw Error(ErrorCode::InvalidInput,
              file_.string() + lineOf(mark) + ": '" + (path_.empty() ? "" : path_ + ".") + key + "' " + what, hint);
}

std::string YamlFields::scalar(const std::string& key, const YAML::Node& node, const char* wanted) const {
  if (!node.IsScalar()) wrong(key, std::string("is not ") + wanted);
  return node.Scalar();
}

double YamlFields::number(const std::string& key, const YAML::Node& node, NumberRange range) const {
  const std::string text = scalar(key, node, "a number");
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value))
    wrong(key, "is '" + text + "', which is no number");
  if (value < range.least || value > range.most || (!range.leastItself && value <= range.least))
    wrong(key, "is " + text + ", it must be " + rangeText(range));
  return value;
}

std::int64_t YamlFields::whole(const std::string& key, const YAML::Node& node, NumberRange range) const {
  const double value = number(key, node, range);
  if (value != std::floor(value)) wrong(key, "is " + node.Scalar() + ", it must be a whole number");
  return static_cast<std::int64_t>(value);
}

void YamlFields::read(const std::string& key, double& value, NumberRange range) {
  if (const YAML::Node found = node(key); found.IsDefined()) value = number(key, found, range);
}

void YamlFields::read(const std::string& key, std::int64_t& value, NumberRange range) {
  if (const YAML::Node found = node(key); found.IsDefined()) value = whole(key, found, range);
}

void YamlFields::read(const std::string& key, int& value, NumberRange range) {
  range.most = std::min(range.most, 2e9);
  if (const YAML::Node found = node(key); found.IsDefined()) value = static_cast<int>(whole(key, found, range));
}

void YamlFields::read(const std::string& key, std::uint64_t& value) {
  const YAML::Node found = node(key);
  if (!found.IsDefined()) return;
  const std::string text = scalar(key, found, "a number");
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    wrong(key, "is '" + text + "', it must be a whole number, 0 or above");
}

void YamlFields::read(const std::string& key, bool& value) {
  const YAML::Node found = node(key);
  if (!found.IsDefined()) return;
  const std::string text = scalar(key, found, "true or false");
  if (text != "true" && text != "false") wrong(key, "is '" + text + "', it must be true or false");
  value = text == "true";
}

void YamlFields::read(const std::string& key, std::string& value) {
  if (const YAML::Node found = node(key); found.IsDefined()) value = scalar(key, found, "a text");
}

void YamlFields::read(const std::string& key, std::filesystem::path& value) {
  if (const YAML::Node found = node(key); found.IsDefined()) value = beside(scalar(key, found, "a path"));
}

void YamlFields::read(const std::string& key, std::vector<std::string>& value) {
  const YAML::Node found = node(key);
  if (!found.IsDefined()) return;
  value.clear();
  if (found.IsScalar()) {
    value.push_back(found.Scalar());
    return;
  }
  if (!found.IsSequence()) wrong(key, "is not a list of texts");
  for (const YAML::Node& one : found) value.push_back(scalar(key, one, "a list of texts"));
}

void YamlFields::read(const std::string& key, std::map<std::string, double>& value, NumberRange range) {
  const YAML::Node found = node(key);
  if (!found.IsDefined()) return;
  if (!found.IsMap()) wrong(key, "is not a map of names and numbers");
  value.clear();
  for (const auto& entry : found) value[entry.first.Scalar()] = number(key, entry.second, range);
}

YamlFields YamlFields::fields(const std::string& key) {
  return {node(key), file_, (path_.empty() ? "" : path_ + ".") + key};
}

std::vector<YamlFields> YamlFields::list(const std::string& key) {
  const YAML::Node found = node(key);
  std::vector<YamlFields> all;
  if (!found.IsDefined()) return all;
  if (!found.IsSequence()) wrong(key, "is not a list");
  for (const YAML::Node& one : found)
    all.emplace_back(one, file_, (path_.empty() ? "" : path_ + ".") + key + "." + std::to_string(all.size()));
  return all;
}

std::filesystem::path YamlFields::beside(const std::string& path) const {
  return (std::filesystem::absolute(file_).parent_path() / path).lexically_normal();
}

void YamlFields::finish() const {
  if (!node_.IsMap()) return;
  for (const auto& entry : node_) {
    const std::string key = entry.first.IsScalar() ? entry.first.Scalar() : "";
    if (std::find(known_.begin(), known_.end(), key) != known_.end()) continue;
    const auto nearest = std::min_element(known_.begin(), known_.end(), [&](const std::string& one, const std::string& other) {
      return lettersApart(key, one) < lettersApart(key, other);
    });
    throw Error(
        ErrorCode::InvalidInput,
        file_.string() + lineOf(entry.first.Mark()) + ": the key '" + (path_.empty() ? "" : path_ + ".") + key + "' is unknown",
        nearest == known_.end() ? "remove it" : "the nearest known key is '" + *nearest + "'");
  }
}

}  // namespace orthoscribe::learn
