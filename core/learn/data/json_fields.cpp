// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/json_fields.h"

#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

using nlohmann::json;

[[noreturn]] void refuse(std::string_view key, const char* what) {
  throw Error(ErrorCode::InvalidInput, "\"" + std::string(key) + "\" " + what);
}

void collect(const json& value, std::string_view name, std::vector<double>& numbers) {
  if (value.is_array()) {
    for (const json& item : value) collect(item, name, numbers);
  } else if (value.is_number() && std::isfinite(value.get<double>())) {
    numbers.push_back(value.get<double>());
  } else {
    refuse(name, "holds something that is not a number");
  }
}

}  // namespace

json parseJson(std::string_view text) {
  try {
    return json::parse(text);
  } catch (const json::exception& error) {
    throw Error(ErrorCode::InvalidInput, std::string("not valid JSON: ") + error.what());
  }
}

const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string textAt(const json& object, const char* key) {
  const json* value = member(object, key);
  if (value == nullptr) return {};
  if (value->is_number_integer()) return value->dump();
  if (!value->is_string()) refuse(key, "is not a text");
  return value->get<std::string>();
}

std::string requiredText(const json& object, const char* key) {
  std::string text = textAt(object, key);
  if (text.empty()) refuse(key, "is missing or empty");
  return text;
}

std::vector<std::string> textsAt(const json& object, const char* key) {
  const json* value = member(object, key);
  if (value == nullptr) return {};
  if (value->is_string()) return {value->get<std::string>()};
  if (!value->is_array()) refuse(key, "is neither a text nor a list of texts");
  std::vector<std::string> texts;
  for (const json& item : *value) {
    if (!item.is_string()) refuse(key, "holds something that is not a text");
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

double requiredNumber(const json& object, const char* key) {
  const json* value = member(object, key);
  if (value == nullptr) refuse(key, "is missing");
  if (!value->is_number() || !std::isfinite(value->get<double>())) refuse(key, "is not a number");
  return value->get<double>();
}

int wholeNumberAt(const json& object, const char* key) {
  if (member(object, key) == nullptr) return 0;
  const double number = requiredNumber(object, key);
  if (std::abs(number) > std::numeric_limits<int>::max()) refuse(key, "is too large");
  return static_cast<int>(std::lround(number));
}

bool flagAt(const json& object, const char* key, bool missing) {
  const json* value = member(object, key);
  if (value == nullptr) return missing;
  if (value->is_boolean()) return value->get<bool>();
  if (!value->is_number()) refuse(key, "is neither true nor false");
  return value->get<double>() != 0;
}

std::vector<double> flatNumbers(const json& list, std::string_view name) {
  std::vector<double> numbers;
  collect(list, name, numbers);
  return numbers;
}

}  // namespace orthoscribe::learn
