// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/request_fields.h"

#include <algorithm>
#include <format>
#include <utility>

#include "core/engine/http/field_error.h"

namespace orthoscribe::engine::http {

RequestFields::RequestFields(const nlohmann::json& object, std::string path) : object_(object), path_(std::move(path)) {
  if (!object.is_object()) {
    throw FieldError(path_.empty() ? "the body" : path_, std::string("must be an object, not ") + object.type_name());
  }
}

std::string RequestFields::pathOf(const char* name) const {
  return path_.empty() ? name : path_ + "." + name;
}

const nlohmann::json* RequestFields::find(const char* name) const {
  const auto found = object_.find(name);
  return found == object_.end() || found->is_null() ? nullptr : &*found;
}

std::optional<std::string> RequestFields::text(const char* name) const {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  if (!value->is_string()) throw FieldError(pathOf(name), std::string("must be a string, not ") + value->type_name());
  return value->get<std::string>();
}

std::optional<bool> RequestFields::boolean(const char* name) const {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  if (!value->is_boolean()) throw FieldError(pathOf(name), std::string("must be true or false, not ") + value->type_name());
  return value->get<bool>();
}

std::optional<double> RequestFields::number(const char* name, double least, double most) const {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  if (!value->is_number()) throw FieldError(pathOf(name), std::string("must be a number, not ") + value->type_name());
  const double number = value->get<double>();
  if (!(number >= least && number <= most)) {
    throw FieldError(pathOf(name), std::format("is {}, but must lie between {} and {}", number, least, most));
  }
  return number;
}

std::optional<std::int64_t> RequestFields::integer(const char* name, std::int64_t least, std::int64_t most) const {
  const auto* value = find(name);
  if (!value) return std::nullopt;
  if (!value->is_number_integer())
    throw FieldError(pathOf(name),
                     std::string("must be an integer, not ") + (value->is_number() ? value->dump() : value->type_name()));
  const bool tooLarge =
      value->is_number_unsigned() && value->get<std::uint64_t>() > static_cast<std::uint64_t>(std::max<std::int64_t>(most, 0));
  if (tooLarge || value->get<std::int64_t>() < least || value->get<std::int64_t>() > most) {
    throw FieldError(pathOf(name), std::format("is {}, but must lie between {} and {}", value->dump(), least, most));
  }
  return value->get<std::int64_t>();
}

const nlohmann::json* RequestFields::array(const char* name) const {
  const auto* value = find(name);
  if (value && !value->is_array()) throw FieldError(pathOf(name), std::string("must be an array, not ") + value->type_name());
  return value;
}

}  // namespace orthoscribe::engine::http
