// SPDX-License-Identifier: GPL-2.0-or-later
// Fields of a JSON configuration, read without defaults of our own: what the model needs must be said, and messages name file and
// field.
#pragma once

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace orthoscribe::model {

class ConfigFields {
 public:
  // Throws Error{NotFound or Io} naming the file, Error{InvalidInput} when it is no JSON object.
  static ConfigFields read(const std::filesystem::path& path);

  const std::string& file() const { return file_; }
  // A field that is null counts as missing. All of the following throw Error{InvalidInput} when the field is missing or of
  // another type.
  bool has(const std::string& field) const;
  ConfigFields object(const std::string& field) const;
  // The same fields, and those of `defaults` that are missing: what the class that wrote a sparse file would add.
  ConfigFields withDefaults(const nlohmann::json& defaults) const;
  std::string text(const std::string& field) const;
  bool flag(const std::string& field) const;
  std::int64_t count(const std::string& field) const;  // 1 to 2^31
  std::int64_t integer(const std::string& field) const;
  double number(const std::string& field) const;
  double positive(const std::string& field) const;  // finite, above 0
  std::vector<std::int64_t> integers(const std::string& field) const;
  std::vector<double> positives(const std::string& field) const;
  std::vector<std::string> texts(const std::string& field) const;
  const nlohmann::json& raw(const std::string& field) const;

  // The fallback only when the field is missing.
  std::string textOr(const std::string& field, const std::string& fallback) const { return has(field) ? text(field) : fallback; }
  bool flagOr(const std::string& field, bool fallback) const { return has(field) ? flag(field) : fallback; }
  std::int64_t countOr(const std::string& field, std::int64_t fallback) const { return has(field) ? count(field) : fallback; }
  std::int64_t integerOr(const std::string& field, std::int64_t fallback) const { return has(field) ? integer(field) : fallback; }

  // "config.json: field 'llm_config.hidden_size' ..."
  [[noreturn]] void wrong(const std::string& field, const std::string& what) const;
  [[noreturn]] void unsupported(const std::string& field, const std::string& what) const;

 private:
  ConfigFields(nlohmann::json json, std::string file, std::string prefix);
  std::string said(const std::string& field, const std::string& what) const;

  nlohmann::json json_;
  std::string file_;
  std::string prefix_;  // "llm_config."
};

}  // namespace orthoscribe::model
