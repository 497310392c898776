// SPDX-License-Identifier: GPL-2.0-or-later
// Fields of a JSON object, read as the type they must have. A missing field and null are the same, as in OpenAI's interface.
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace orthoscribe::engine::http {

class RequestFields {
 public:
  // object: kept by reference. path: where it stands in the request ("messages[0]"), empty for the request itself.
  // Throws FieldError when it is not an object.
  RequestFields(const nlohmann::json& object, std::string path);

  // Nothing when missing or null. Each of the others throws FieldError when the field has another type or lies outside the range.
  const nlohmann::json* find(const char* name) const;
  std::optional<std::string> text(const char* name) const;
  std::optional<bool> boolean(const char* name) const;
  std::optional<double> number(const char* name, double least, double most) const;
  std::optional<std::int64_t> integer(const char* name, std::int64_t least, std::int64_t most) const;
  const nlohmann::json* array(const char* name) const;

  // Path of a field of this object, as messages name it.
  std::string pathOf(const char* name) const;

 private:
  const nlohmann::json& object_;
  std::string path_;
};

}  // namespace orthoscribe::engine::http
