// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/config_fields.h"

#include <utility>

#include "core/base/error.h"
#include "core/base/json_field.h"
#include "core/base/json_text.h"

namespace orthoscribe::model {
namespace {

constexpr std::int64_t kLargestCount = std::int64_t{1} << 31;

// said: the place as messages have it.
JsonField fieldIn(const nlohmann::json& values, const std::string& name, const std::string& said) {
  static const nlohmann::json kNothing;
  const auto found = values.find(name);
  return {found == values.end() ? kNothing : *found, said};
}

}  // namespace

ConfigFields::ConfigFields(nlohmann::json json, std::string file, std::string prefix)
    : json_(std::move(json)), file_(std::move(file)), prefix_(std::move(prefix)) {}

ConfigFields ConfigFields::read(const std::filesystem::path& path) {
  nlohmann::json json = readJsonFile(path);
  if (!json.is_object()) throw Error(ErrorCode::InvalidInput, path.string() + ": is not a JSON object");
  return {std::move(json), path.string(), ""};
}

std::string ConfigFields::said(const std::string& field, const std::string& what) const {
  return file_ + ": field '" + prefix_ + field + (what.empty() ? "'" : "' " + what);
}

void ConfigFields::wrong(const std::string& field, const std::string& what) const {
  throw Error(ErrorCode::InvalidInput, said(field, what));
}

void ConfigFields::unsupported(const std::string& field, const std::string& what) const {
  throw Error(ErrorCode::Unsupported, said(field, what));
}

bool ConfigFields::has(const std::string& name) const {
  return !fieldIn(json_, name, said(name, {})).isNull();
}

const nlohmann::json& ConfigFields::raw(const std::string& name) const {
  return fieldIn(json_, name, said(name, {})).required().value();
}

ConfigFields ConfigFields::object(const std::string& name) const {
  if (!raw(name).is_object()) fieldIn(json_, name, said(name, {})).fail("an object was expected");
  return {raw(name), file_, prefix_ + name + "."};
}

ConfigFields ConfigFields::withDefaults(const nlohmann::json& defaults) const {
  nlohmann::json merged = json_;
  for (const auto& [field, value] : defaults.items()) {
    if (!has(field)) merged[field] = value;
  }
  return {std::move(merged), file_, prefix_};
}

std::string ConfigFields::text(const std::string& name) const {
  return fieldIn(json_, name, said(name, {})).required().text();
}

bool ConfigFields::flag(const std::string& name) const {
  return fieldIn(json_, name, said(name, {})).required().flag();
}

std::int64_t ConfigFields::integer(const std::string& name) const {
  return fieldIn(json_, name, said(name, {})).required().integer();
}

std::int64_t ConfigFields::count(const std::string& name) const {
  return fieldIn(json_, name, said(name, {})).required().integer(1, kLargestCount);
}

double ConfigFields::number(const std::string& name) const {
  return fieldIn(json_, name, said(name, {})).required().number();
}

double ConfigFields::positive(const std::string& name) const {
  return fieldIn(json_, name, said(name, {})).required().positive();
}

std::vector<std::int64_t> ConfigFields::integers(const std::string& name) const {
  return fieldIn(json_, name, said(name, {})).required().integers();
}

std::vector<double> ConfigFields::positives(const std::string& name) const {
  std::vector<double> values;
  for (const JsonField& item : fieldIn(json_, name, said(name, {})).required().elements()) values.push_back(item.positive());
  return values;
}

std::vector<std::string> ConfigFields::texts(const std::string& name) const {
  return fieldIn(json_, name, said(name, {})).required().texts();
}

}  // namespace orthoscribe::model
