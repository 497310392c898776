// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/json_fields.h"

#include <cmath>
#include <limits>

#include "core/base/json_field.h"

namespace orthoscribe::learn {
namespace {

using nlohmann::json;

JsonField field(const json* value, std::string_view key) {
  static const json kNothing;
  return {value == nullptr ? kNothing : *value, "\"" + std::string(key) + "\""};
}

JsonField fieldAt(const json& object, const char* key) {
  return field(member(object, key), key);
}

void collect(const JsonField& list, std::vector<double>& numbers) {
  for (const JsonField& item : list.elements()) {
    if (item.value().is_array())
      collect(item, numbers);
    else
      numbers.push_back(item.number());
  }
}

}  // namespace

const json* member(const json& object, const char* key) {
  if (!object.is_object()) return nullptr;
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::string textAt(const json& object, const char* key) {
  const JsonField text = fieldAt(object, key);
  return text.value().is_number_integer() ? text.value().dump() : text.textOr({});
}

std::string requiredText(const json& object, const char* key) {
  std::string text = textAt(object, key);
  if (text.empty()) fieldAt(object, key).fail("is missing or empty");
  return text;
}

std::vector<std::string> textsAt(const json& object, const char* key) {
  const JsonField texts = fieldAt(object, key);
  if (texts.isNull()) return {};
  return texts.value().is_string() ? std::vector{texts.text()} : texts.texts();
}

double requiredNumber(const json& object, const char* key) {
  return fieldAt(object, key).required().number();
}

int wholeNumberAt(const json& object, const char* key) {
  const JsonField number = fieldAt(object, key);
  if (number.isNull()) return 0;
  if (std::abs(number.number()) > std::numeric_limits<int>::max()) number.fail("is too large");
  return static_cast<int>(std::lround(number.number()));
}

bool flagAt(const json& object, const char* key, bool missing) {
  const JsonField flag = fieldAt(object, key);
  return flag.value().is_number() ? flag.number() != 0 : flag.flagOr(missing);
}

std::vector<double> flatNumbers(const json& list, std::string_view name) {
  std::vector<double> numbers;
  collect(field(&list, name), numbers);
  return numbers;
}

}  // namespace orthoscribe::learn
