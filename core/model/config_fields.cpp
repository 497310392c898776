// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/config_fields.h"

#include <cmath>
#include <utility>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::model {
namespace {

constexpr std::int64_t kLargestCount = std::int64_t{1} << 31;

}  // namespace

ConfigFields::ConfigFields(nlohmann::json json, std::string file, std::string prefix)
    : json_(std::move(json)), file_(std::move(file)), prefix_(std::move(prefix)) {}

ConfigFields ConfigFields::read(const std::filesystem::path& path) {
  nlohmann::json json = nlohmann::json::parse(readTextFile(path), nullptr, false);
  if (!json.is_object()) throw Error(ErrorCode::InvalidInput, path.string() + ": is not a JSON object");
  return {std::move(json), path.string(), ""};
}

std::string ConfigFields::said(const std::string& field, const std::string& what) const {
  return file_ + ": field '" + prefix_ + field + "' " + what;
}

void ConfigFields::wrong(const std::string& field, const std::string& what) const {
  throw Error(ErrorCode::InvalidInput, said(field, what));
}

void ConfigFields::unsupported(const std::string& field, const std::string& what) const {
  throw Error(ErrorCode::Unsupported, said(field, what));
}

bool ConfigFields::has(const std::string& field) const {
  const auto found = json_.find(field);
  return found != json_.end() && !found->is_null();
}

const nlohmann::json& ConfigFields::raw(const std::string& field) const {
  if (!has(field)) wrong(field, "is missing");
  return json_.at(field);
}

ConfigFields ConfigFields::object(const std::string& field) const {
  if (!raw(field).is_object()) wrong(field, "is not an object");
  return {json_.at(field), file_, prefix_ + field + "."};
}

ConfigFields ConfigFields::withDefaults(const nlohmann::json& defaults) const {
  nlohmann::json merged = json_;
  for (const auto& [field, value] : defaults.items()) {
    if (!has(field)) merged[field] = value;
  }
  return {std::move(merged), file_, prefix_};
}

std::string ConfigFields::text(const std::string& field) const {
  if (!raw(field).is_string()) wrong(field, "is not a text");
  return json_.at(field).get<std::string>();
}

bool ConfigFields::flag(const std::string& field) const {
  if (!raw(field).is_boolean()) wrong(field, "is neither true nor false");
  return json_.at(field).get<bool>();
}

std::int64_t ConfigFields::integer(const std::string& field) const {
  if (!raw(field).is_number_integer()) wrong(field, "is not a whole number");
  return json_.at(field).get<std::int64_t>();
}

std::int64_t ConfigFields::count(const std::string& field) const {
  const std::int64_t value = integer(field);
  if (value < 1 || value > kLargestCount) wrong(field, "is " + std::to_string(value) + ", not a count of at least 1");
  return value;
}

double ConfigFields::number(const std::string& field) const {
  if (!raw(field).is_number()) wrong(field, "is not a number");
  return json_.at(field).get<double>();
}

double ConfigFields::positive(const std::string& field) const {
  const double value = number(field);
  if (!std::isfinite(value) || value <= 0.0) wrong(field, "is not a number above 0");
  return value;
}

std::vector<std::int64_t> ConfigFields::integers(const std::string& field) const {
  if (!raw(field).is_array()) wrong(field, "is not a list");
  std::vector<std::int64_t> values;
  for (const nlohmann::json& item : json_.at(field)) {
    if (!item.is_number_integer()) wrong(field, "is not a list of whole numbers");
    values.push_back(item.get<std::int64_t>());
  }
  return values;
}

std::vector<double> ConfigFields::positives(const std::string& field) const {
  if (!raw(field).is_array()) wrong(field, "is not a list");
  std::vector<double> values;
  for (const nlohmann::json& item : json_.at(field)) {
    if (!item.is_number() || !(item.get<double>() > 0.0)) wrong(field, "is not a list of numbers above 0");
    values.push_back(item.get<double>());
  }
  return values;
}

std::vector<std::string> ConfigFields::texts(const std::string& field) const {
  if (!raw(field).is_array()) wrong(field, "is not a list");
  std::vector<std::string> values;
  for (const nlohmann::json& item : json_.at(field)) {
    if (!item.is_string()) wrong(field, "is not a list of texts");
    values.push_back(item.get<std::string>());
  }
  return values;
}

}  // namespace orthoscribe::model
