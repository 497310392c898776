// SPDX-License-Identifier: GPL-2.0-or-later
// Fields of JSON that others wrote, read as the type they must have; messages name the place.
#pragma once

#include <cstdint>
#include <limits>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe {

// A JSON value and where it stands, for example "tokenizer.json: model.merges". What reads a value throws Error{InvalidInput}
// with the place when it is of another type; those with a fallback take it when the value is null or missing.
class JsonField {
 public:
  // The value must outlive the field.
  JsonField(const nlohmann::json& value, std::string place) : value_(&value), place_(std::move(place)) {}

  const nlohmann::json& value() const { return *value_; }
  const std::string& place() const { return place_; }
  bool isNull() const { return value_->is_null(); }
  // This field; throws when it is null or missing.
  const JsonField& required() const;

  // A member of an object; a null field when it is missing. Throws when this is no object.
  JsonField member(const std::string& name) const;
  JsonField element(std::size_t index) const;
  // Throws when this is no list.
  std::size_t arraySize() const;
  std::vector<JsonField> elements() const;

  std::string text() const;
  std::string textOr(std::string fallback) const { return isNull() ? fallback : text(); }
  bool flag() const;
  bool flagOr(bool fallback) const { return isNull() ? fallback : flag(); }
  // Within the limits, themselves allowed.
  std::int64_t integer(std::int64_t least = std::numeric_limits<std::int64_t>::min(),
                       std::int64_t most = std::numeric_limits<std::int64_t>::max()) const;
  // 0 to 2^31 - 1: a place in a list, a token's id.
  std::int64_t index() const { return integer(0, 0x7FFFFFFF); }
  double number() const;    // finite
  double positive() const;  // finite, above 0
  std::vector<std::string> texts() const;
  std::vector<std::int64_t> integers() const;
  std::vector<double> numbers() const;

  [[noreturn]] void fail(std::string_view why) const;
  // Throws Error{Unsupported}: `what` is not supported.
  [[noreturn]] void unsupported(std::string_view what) const;

 private:
  std::string said(std::string_view what) const;

  const nlohmann::json* value_;
  std::string place_;
};

}  // namespace orthoscribe
