// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/json_field.h"

#include <cmath>

#include "core/base/error.h"

namespace orthoscribe {

std::string JsonField::said(std::string_view what) const {
  return (place_.empty() || place_.ends_with(": ") ? place_ : place_ + ": ") + std::string(what);
}

void JsonField::fail(std::string_view why) const {
  throw Error(ErrorCode::InvalidInput, said(why));
}

void JsonField::unsupported(std::string_view what) const {
  throw Error(ErrorCode::Unsupported, said(what) + " is not supported");
}

const JsonField& JsonField::required() const {
  if (isNull()) fail("is missing");
  return *this;
}

JsonField JsonField::member(const std::string& name) const {
  static const nlohmann::json kNothing;
  if (!value_->is_object()) fail("an object was expected");
  const auto found = value_->find(name);
  const std::string place = place_ + (place_.empty() || place_.ends_with(": ") ? "" : ".") + name;
  return {found == value_->end() ? kNothing : *found, place};
}

JsonField JsonField::element(std::size_t index) const {
  return {(*value_)[index], place_ + "[" + std::to_string(index) + "]"};
}

std::size_t JsonField::arraySize() const {
  if (!value_->is_array()) fail("a list was expected");
  return value_->size();
}

std::vector<JsonField> JsonField::elements() const {
  std::vector<JsonField> fields;
  for (std::size_t index = 0, count = arraySize(); index < count; ++index) fields.push_back(element(index));
  return fields;
}

std::string JsonField::text() const {
  if (!value_->is_string()) fail("a string was expected");
  return value_->get<std::string>();
}

bool JsonField::flag() const {
  if (!value_->is_boolean()) fail("true or false was expected");
  return value_->get<bool>();
}

std::int64_t JsonField::integer(std::int64_t least, std::int64_t most) const {
  if (!value_->is_number_integer()) fail("a whole number was expected");
  // What no signed number holds would wrap.
  const bool huge = value_->is_number_unsigned() &&
                    value_->get<std::uint64_t>() > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (huge || value_->get<std::int64_t>() < least || value_->get<std::int64_t>() > most)
    fail("is " + value_->dump() + ", a whole number from " + std::to_string(least) + " to " + std::to_string(most) +
         " was expected");
  return value_->get<std::int64_t>();
}

double JsonField::number() const {
  if (!value_->is_number() || !std::isfinite(value_->get<double>())) fail("a number was expected");
  return value_->get<double>();
}

double JsonField::positive() const {
  const double value = number();
  if (value <= 0.0) fail("a number above 0 was expected");
  return value;
}

std::vector<std::string> JsonField::texts() const {
  std::vector<std::string> values;
  for (const JsonField& field : elements()) values.push_back(field.text());
  return values;
}

std::vector<std::int64_t> JsonField::integers() const {
  std::vector<std::int64_t> values;
  for (const JsonField& field : elements()) values.push_back(field.integer());
  return values;
}

std::vector<double> JsonField::numbers() const {
  std::vector<double> values;
  for (const JsonField& field : elements()) values.push_back(field.number());
  return values;
}

}  // namespace orthoscribe
