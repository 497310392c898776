// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/vision/config_file.h"

#include "core/base/json_text.h"

namespace orthoscribe::vision {

ConfigFile::ConfigFile(std::filesystem::path file) : file_(std::move(file)), values_(readJsonFile(file_)) {
  if (!values_.is_object()) JsonField(values_, file_.string()).fail("a JSON object was expected");
}

JsonField ConfigFile::field(std::string_view path) const {
  static const nlohmann::json kNothing;
  const nlohmann::json* value = &values_;
  for (std::string_view rest = path; value != &kNothing;) {
    const std::size_t dot = rest.find('.');
    const auto member = value->is_object() ? value->find(std::string(rest.substr(0, dot))) : value->end();
    value = value->is_object() && member != value->end() ? &*member : &kNothing;
    if (dot == std::string_view::npos) break;
    rest.remove_prefix(dot + 1);
  }
  return {*value, file_.string() + ": " + std::string(path)};
}

bool ConfigFile::has(std::string_view path) const {
  return !field(path).isNull();
}

std::string ConfigFile::text(std::string_view path) const {
  return field(path).required().text();
}

bool ConfigFile::boolOr(std::string_view path, bool fallback) const {
  return field(path).flagOr(fallback);
}

std::int64_t ConfigFile::integer(std::string_view path, std::int64_t lowest, std::int64_t highest) const {
  return field(path).required().integer(lowest, highest);
}

std::int64_t ConfigFile::integerOr(std::string_view path, std::int64_t fallback, std::int64_t lowest,
                                   std::int64_t highest) const {
  return has(path) ? integer(path, lowest, highest) : fallback;
}

double ConfigFile::number(std::string_view path) const {
  return field(path).required().number();
}

std::vector<double> ConfigFile::numbers(std::string_view path) const {
  return field(path).required().numbers();
}

void ConfigFile::fail(std::string_view path, std::string_view why) const {
  field(path).fail(why);
}

void ConfigFile::unsupported(std::string_view path, std::string_view what) const {
  field(path).unsupported(what);
}

}  // namespace orthoscribe::vision
