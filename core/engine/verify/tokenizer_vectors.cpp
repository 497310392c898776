// SPDX-License-Identifier: GPL-2.0-or-later
#include <algorithm>
#include <nlohmann/json.hpp>
#include <string>

#include "core/base/json_text.h"
#include "core/base/text_encoding.h"
#include "core/engine/verify/kinds.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine::verify {
namespace {

namespace fs = std::filesystem;
using Ids = std::vector<text::TokenId>;

std::string joined(const Ids& ids) {
  std::string text = "[";
  for (const text::TokenId id : ids) text += (text.size() > 1 ? ", " : "") + std::to_string(id);
  return text + "]";
}

// Counts differences of one kind over all rows and keeps the first as an example.
class Tally {
 public:
  explicit Tally(std::string what) : what_(std::move(what)) {}

  void ids(const std::string& input, const Ids& actual, const Ids& expected) {
    count(actual == expected, input, joined(actual), joined(expected));
  }
  void text(const std::string& input, const std::string& actual, const std::string& expected) {
    count(actual == expected, input, actual, expected);
  }
  void addTo(CaseResult& result) const {
    if (total_ > 0) result.checks.push_back(exactly(what_, differences_, total_, example_));
  }

 private:
  void count(bool equal, const std::string& input, const std::string& actual, const std::string& expected) {
    ++total_;
    if (equal) return;
    if (differences_++ == 0)
      example_ = "first for " + nlohmann::json(input).dump() + ": " + nlohmann::json(actual).dump() + " instead of " +
                 nlohmann::json(expected).dump();
  }

  std::string what_;
  std::string example_;
  std::int64_t differences_ = 0;
  std::int64_t total_ = 0;
};

void compareStrings(const text::Tokenizer& tokenizer, const nlohmann::json& rows, CaseResult& result) {
  Tally plain("ids"), framed("ids with special tokens"), decoded("decoded"), skipped("decoded without special tokens");
  for (const nlohmann::json& row : rows) {
    const auto input = row.at("text").get<std::string>();
    const auto ids = row.at("ids").get<Ids>();
    plain.ids(input, tokenizer.encode(input, false), ids);
    framed.ids(input, tokenizer.encode(input, true), row.value("ids_with_special", ids));
    if (row.contains("decoded")) decoded.text(input, tokenizer.decode(ids, false), row["decoded"]);
    if (row.contains("decoded_skip_special")) skipped.text(input, tokenizer.decode(ids, true), row["decoded_skip_special"]);
  }
  for (const Tally* tally : {&plain, &framed, &decoded, &skipped}) tally->addTo(result);
}

void compareInvalid(const text::Tokenizer& tokenizer, const nlohmann::json& rows, CaseResult& result) {
  Tally tally("ids of invalid UTF-8");
  for (const nlohmann::json& row : rows) {
    const auto encoded = row.at("bytes_base64").get<std::string>();
    const std::vector<std::byte> bytes = decodeBase64(encoded);
    std::string input;
    for (const std::byte byte : bytes) input += static_cast<char>(byte);
    tally.ids(encoded, tokenizer.encode(input, false), row.at("ids").get<Ids>());
  }
  tally.addTo(result);
}

void compareDecoding(const text::Tokenizer& tokenizer, const nlohmann::json& rows, CaseResult& result) {
  Tally decoded("text of ids"), skipped("text of ids without special tokens");
  for (const nlohmann::json& row : rows) {
    const auto ids = row.at("ids").get<Ids>();
    decoded.text(joined(ids), tokenizer.decode(ids, false), row.at("decoded"));
    if (row.contains("decoded_skip_special")) skipped.text(joined(ids), tokenizer.decode(ids, true), row["decoded_skip_special"]);
  }
  decoded.addTo(result);
  skipped.addTo(result);
}

void compare(const fs::path& folder, CaseResult& result) {
  const nlohmann::json vectors = readJsonFile(folder / "vectors.json");
  const auto tokenizer = text::loadTokenizer(folder);
  compareStrings(*tokenizer, vectors.at("strings"), result);
  if (vectors.contains("invalid_utf8")) compareInvalid(*tokenizer, vectors["invalid_utf8"], result);
  if (vectors.contains("decode")) compareDecoding(*tokenizer, vectors["decode"], result);
}

}  // namespace

std::vector<FixtureCase> tokenizerVectorsIn(const fs::path& folder) {
  if (!fs::exists(folder / "vectors.json")) return {};
  return {{.place = folder, .family = "tokenizer " + folder.filename().string(), .run = [folder](CaseResult& result) {
             compare(folder, result);
           }}};
}

}  // namespace orthoscribe::engine::verify
