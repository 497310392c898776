// SPDX-License-Identifier: GPL-2.0-or-later
// Fields of a model folder's JSON files, with messages that name file and field.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/json_field.h"

namespace orthoscribe::vision {

class ConfigFile {
 public:
  // Throws Error{NotFound, Io} or Error{InvalidInput} when it is no JSON object.
  explicit ConfigFile(std::filesystem::path file);

  // Field names are paths with dots: "vision_config.image_size". All throw Error{InvalidInput} when the field has another type;
  // those without a fallback also when it is missing. A field that is null counts as missing.
  bool has(std::string_view path) const;
  std::string text(std::string_view path) const;
  bool boolOr(std::string_view path, bool fallback) const;
  // lowest to highest inclusive; outside is an error.
  std::int64_t integer(std::string_view path, std::int64_t lowest, std::int64_t highest) const;
  std::int64_t integerOr(std::string_view path, std::int64_t fallback, std::int64_t lowest, std::int64_t highest) const;
  double number(std::string_view path) const;
  std::vector<double> numbers(std::string_view path) const;

  [[noreturn]] void fail(std::string_view path, std::string_view why) const;
  [[noreturn]] void unsupported(std::string_view path, std::string_view what) const;
  const std::filesystem::path& path() const { return file_; }

 private:
  JsonField field(std::string_view path) const;

  std::filesystem::path file_;
  nlohmann::json values_;
};

}  // namespace orthoscribe::vision
