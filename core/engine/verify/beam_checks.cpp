// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/beam_checks.h"

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::engine::verify {
namespace {

using nlohmann::json;
using Ids = std::vector<text::TokenId>;

// One id, a list of ids, or none.
Ids endTokensOf(const json& search) {
  const auto found = search.find("eos_token_id");
  if (found == search.end() || found->is_null()) return {};
  return found->is_array() ? found->get<Ids>() : Ids{found->get<text::TokenId>()};
}

EarlyStopping earlyStoppingOf(const json& search) {
  const auto found = search.find("early_stopping");
  if (found == search.end() || found->is_null()) return EarlyStopping::No;
  if (found->is_boolean()) return found->get<bool>() ? EarlyStopping::Yes : EarlyStopping::No;
  return EarlyStopping::Never;
}

class Search {
 public:
  Search(std::string name, const json& expected, std::vector<Hypothesis> found, double tolerance, std::vector<Check>& checks)
      : name_(std::move(name)), expected_(expected), found_(std::move(found)), tolerance_(tolerance), checks_(checks) {}

  void compare() {
    compareAnswer(0, name_, expected_, "ids", "sum_log_prob", "score");
    if (expected_.contains("second_ids")) compareAnswer(1, name_ + " second", expected_, "second_ids", "", "second_score");
    if (!expected_.contains("all_beams")) return;
    const json& all = expected_["all_beams"];
    for (std::size_t i = 0; i < all.size(); ++i)
      compareAnswer(i, name_ + " beam " + std::to_string(i), all[i], "ids", "sum_log_prob", "score");
  }

 private:
  void compareAnswer(std::size_t rank, const std::string& what, const json& answer, const char* ids, const char* sum,
                     const char* score) {
    const Hypothesis found = rank < found_.size() ? found_[rank] : Hypothesis{};
    checks_.push_back(sameIds(what + " ids", found.ids, answer.at(ids).get<Ids>()));
    // Errors of single tokens may add up.
    const double ofSum = tolerance_ * static_cast<double>(found.ids.size());
    if (answer.contains(sum)) compareNumber(what + " sum", found.sum, answer[sum].get<double>(), ofSum);
    if (answer.contains(score) && found.sum != 0.0)
      compareNumber(what + " score", found.score, answer[score].get<double>(), ofSum * found.score / found.sum);
  }

  void compareNumber(std::string what, double found, double expected, double allowed) {
    checks_.push_back({.what = std::move(what),
                       .error = std::abs(found - expected),
                       .tolerance = allowed,
                       .note = std::to_string(found) + " in place of " + std::to_string(expected)});
  }

  std::string name_;
  const json& expected_;
  std::vector<Hypothesis> found_;
  double tolerance_;
  std::vector<Check>& checks_;
};

}  // namespace

std::vector<Check> beamChecks(const json& expected, Generator& generator, const SequenceInput& prompt, double tolerance) {
  std::vector<Check> checks;
  for (const auto& [name, entry] : expected.items()) {
    if (!name.starts_with("beam") || !(entry.is_object() || entry.is_array())) continue;
    const json searches = entry.is_array() ? entry : json::array({entry});
    for (std::size_t i = 0; i < searches.size(); ++i) {
      const json& search = searches[i];
      const BeamRules rules{.beams = search.at("num_beams").get<int>(),
                            .lengthPenalty = search.value("length_penalty", 1.0),
                            .earlyStopping = earlyStoppingOf(search),
                            .maxTokens = search.contains("max_new_tokens") ? search["max_new_tokens"].get<std::int64_t>()
                                                                           : expected.at("new_tokens").get<std::int64_t>()};
      const std::string what = entry.is_array() ? name + "[" + std::to_string(i) + "]" : name;
      Search(what, search, generator.beams(prompt, rules, endTokensOf(search)), tolerance, checks).compare();
    }
  }
  return checks;
}

}  // namespace orthoscribe::engine::verify
