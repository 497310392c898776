// SPDX-License-Identifier: GPL-2.0-or-later
// Reading of JSON with messages that name the file and the field.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "core/base/error.h"

namespace orthoscribe::text {

// A JSON value and where it stands, for example "tokenizer.json: model.merges".
class JsonField {
 public:
  // The value must outlive the field.
  JsonField(const nlohmann::json& value, std::string place) : value_(&value), place_(std::move(place)) {}

  const nlohmann::json& value() const { return *value_; }
  const std::string& place() const { return place_; }
  bool isNull() const { return value_->is_null(); }

  // A member of an object; a null field when it is missing. Throws Error{InvalidInput} when this is no object.
  JsonField member(const std::string& name) const {
    static const nlohmann::json kNothing;
    if (!value_->is_object()) fail("an object was expected");
    const auto found = value_->find(name);
    const std::string place = place_ + (place_.ends_with(": ") ? "" : ".") + name;
    return {found == value_->end() ? kNothing : *found, place};
  }

  JsonField element(std::size_t index) const { return {(*value_)[index], place_ + "[" + std::to_string(index) + "]"}; }

  // The number of an array's elements. Throws Error{InvalidInput} when this is no array.
  std::size_t arraySize() const {
    if (!value_->is_array()) fail("a list was expected");
    return value_->size();
  }

  std::string text() const {
    if (!value_->is_string()) fail("a string was expected");
    return value_->get<std::string>();
  }
  std::string textOr(std::string fallback) const { return isNull() ? fallback : text(); }

  bool boolOr(bool fallback) const {
    if (isNull()) return fallback;
    if (!value_->is_boolean()) fail("true or false was expected");
    return value_->get<bool>();
  }

  // A number that may be a token id: 0 to 2^31 - 1.
  std::int64_t tokenId() const {
    if (!value_->is_number_integer() || value_->get<std::int64_t>() < 0 || value_->get<std::int64_t>() > 0x7FFFFFFF) {
      fail("a token id was expected");
    }
    return value_->get<std::int64_t>();
  }

  [[noreturn]] void fail(std::string_view why) const {
    throw Error(ErrorCode::InvalidInput, (place_.ends_with(": ") ? place_ : place_ + ": ") + std::string(why));
  }
  [[noreturn]] void unsupported(std::string_view what) const {
    throw Error(ErrorCode::Unsupported,
                (place_.ends_with(": ") ? place_ : place_ + ": ") + std::string(what) + " is not supported");
  }

 private:
  const nlohmann::json* value_;
  std::string place_;
};

// Throws Error{NotFound, Io or InvalidInput} naming the file.
nlohmann::json readJsonFile(const std::filesystem::path& path);

}  // namespace orthoscribe::text
