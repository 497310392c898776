// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/config_file.h"

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::vision {

ConfigFile::ConfigFile(std::filesystem::path file) : file_(std::move(file)) {
  try {
    values_ = nlohmann::json::parse(readTextFile(file_));
  } catch (const nlohmann::json::exception& error) {
    throw Error(ErrorCode::InvalidInput, file_.string() + ": not JSON: " + error.what());
  }
  if (!values_.is_object()) throw Error(ErrorCode::InvalidInput, file_.string() + ": a JSON object was expected");
}

const nlohmann::json* ConfigFile::find(std::string_view field) const {
  const nlohmann::json* value = &values_;
  while (true) {
    const std::size_t dot = field.find('.');
    if (!value->is_object()) return nullptr;
    const auto member = value->find(std::string(field.substr(0, dot)));
    if (member == value->end() || member->is_null()) return nullptr;
    value = &*member;
    if (dot == std::string_view::npos) return value;
    field.remove_prefix(dot + 1);
  }
}

const nlohmann::json& ConfigFile::require(std::string_view field) const {
  const nlohmann::json* value = find(field);
  if (!value) fail(field, "is missing");
  return *value;
}

bool ConfigFile::has(std::string_view field) const {
  return find(field) != nullptr;
}

std::string ConfigFile::text(std::string_view field) const {
  const nlohmann::json& value = require(field);
  if (!value.is_string()) fail(field, "a string was expected");
  return value.get<std::string>();
}

bool ConfigFile::boolOr(std::string_view field, bool fallback) const {
  const nlohmann::json* value = find(field);
  if (!value) return fallback;
  if (!value->is_boolean()) fail(field, "true or false was expected");
  return value->get<bool>();
}

std::int64_t ConfigFile::integer(std::string_view field, std::int64_t lowest, std::int64_t highest) const {
  const nlohmann::json& value = require(field);
  const bool fits = value.is_number_integer() && value.get<std::int64_t>() >= lowest && value.get<std::int64_t>() <= highest;
  if (!fits) fail(field, "a whole number from " + std::to_string(lowest) + " to " + std::to_string(highest) + " was expected");
  return value.get<std::int64_t>();
}

std::int64_t ConfigFile::integerOr(std::string_view field, std::int64_t fallback, std::int64_t lowest,
                                   std::int64_t highest) const {
  return has(field) ? integer(field, lowest, highest) : fallback;
}

double ConfigFile::number(std::string_view field) const {
  const nlohmann::json& value = require(field);
  if (!value.is_number()) fail(field, "a number was expected");
  return value.get<double>();
}

std::vector<double> ConfigFile::numbers(std::string_view field) const {
  const nlohmann::json& value = require(field);
  if (!value.is_array()) fail(field, "a list of numbers was expected");
  std::vector<double> list;
  for (const auto& element : value) {
    if (!element.is_number()) fail(field, "a list of numbers was expected");
    list.push_back(element.get<double>());
  }
  return list;
}

void ConfigFile::fail(std::string_view field, std::string_view why) const {
  throw Error(ErrorCode::InvalidInput, file_.string() + ": " + std::string(field) + ": " + std::string(why));
}

void ConfigFile::unsupported(std::string_view field, std::string_view what) const {
  throw Error(ErrorCode::Unsupported,
              file_.string() + ": " + std::string(field) + ": " + std::string(what) + " is not supported");
}

}  // namespace orthoscribe::vision
