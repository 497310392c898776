// SPDX-License-Identifier: GPL-2.0-or-later
// Facts, as the tables hold them, and the ways in which a kind of fact is asked for.
#pragma once

#include <array>
#include <filesystem>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/learn/benchmark/benchmark_question.h"

namespace orthoscribe::learn {

// Values by the names that wordings call them by: {"index": "NDVI", "use": "vegetation"}.
using FactValues = std::map<std::string, std::string, std::less<>>;

struct Fact {
  std::string id;     // "index.use.NDVI"
  std::string group;  // wrong answers come from facts of the same group where there are enough: "Sentinel-2"
  FactValues values;
  std::map<std::string, std::vector<std::string>, std::less<>> aliases;  // by the value's name
};

inline constexpr std::size_t kTrainWordings = 6;
inline constexpr std::size_t kParaphrases = 2;
// Texts with {value names}; the first six are for training, the others for the paraphrase part only.
using Wordings = std::array<std::string_view, kTrainWordings + kParaphrases>;

// One way of asking: `wordings` hold everything but the value called `asked`.
struct QuestionForm {
  QuestionType type = QuestionType::Short;  // Short or Numeric: asked as it is. Choice: with options
  std::string_view asked;
  Wordings wordings;
};

struct FactKind {
  std::string_view name;  // "index.use": the beginning of its facts' ids
  std::string_view topic;
  std::string_view difficulty;
  std::string_view source;
  std::vector<QuestionForm> forms;  // the first is the one asked most
  // The fact as a sentence without a full stop, in which `doubted` is exchanged to make it wrong.
  std::string_view statement;
  std::string_view doubted;
  std::vector<Fact> (*read)(const std::filesystem::path& tables);
};

// Every kind, in the order of the benchmark. Adding one touches this list and the file that reads its table.
const std::vector<FactKind>& factKinds();

// Wrappers that make a yes/no question of a {statement}.
const Wordings& statementWordings();

// "{band} of {platform}" with the values put in. Throws Error{Internal} for a name that the fact does not have.
std::string filled(std::string_view wording, const FactValues& values);

// Whether `answer` is the value called `name`, or one of its aliases.
bool holds(const Fact& fact, std::string_view name, const std::string& answer);

}  // namespace orthoscribe::learn
