// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/benchmark/question_maker.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace orthoscribe::learn {
namespace {

// Numbers nearer than this are no wrong answers beside each other: the tolerance of the scoring is 1 %.
constexpr double kTooNear = 0.05;

bool tooAlike(const std::string& one, const std::string& other) {
  if (one == other) return true;
  char* endOne = nullptr;
  char* endOther = nullptr;
  const double first = std::strtod(one.c_str(), &endOne);
  const double second = std::strtod(other.c_str(), &endOther);
  const bool quantities = endOne != one.c_str() && endOther != other.c_str() && std::string_view(endOne) == endOther &&
                          std::string_view(endOne).starts_with(' ');
  return quantities && std::abs(first - second) <= kTooNear * std::max(std::abs(first), std::abs(second));
}

}  // namespace

QuestionMaker::QuestionMaker(const FactKind& kind, const std::vector<Fact>& known, const std::vector<const Fact*>& wrongAnswers,
                             std::uint64_t seed)
    : kind_(kind), known_(known), wrongAnswers_(wrongAnswers), random_(seed) {}

BenchmarkQuestion QuestionMaker::begin(const Fact& fact, QuestionType type) const {
  BenchmarkQuestion question;
  question.type = type;
  question.topic = kind_.topic;
  question.difficulty = kind_.difficulty;
  question.source = kind_.source;
  question.fact = fact.id;
  return question;
}

std::vector<std::string> QuestionMaker::wrongValues(const Fact& fact, std::string_view asked, std::string_view wording) {
  const std::string question = filled(wording, fact.values);
  const auto right = [&](const std::string& value) {
    return std::any_of(known_.begin(), known_.end(), [&](const Fact& other) {
      return filled(wording, other.values) == question && holds(other, asked, value);
    });
  };
  std::vector<const Fact*> others = wrongAnswers_;
  shuffleList(others, random_);
  std::stable_partition(others.begin(), others.end(), [&](const Fact* other) { return other->group == fact.group; });
  const std::string& truth = fact.values.find(asked)->second;
  std::vector<std::string> values;
  for (const Fact* other : others) {
    const std::string& value = other->values.find(asked)->second;
    if (right(value) || tooAlike(value, truth)) continue;
    const bool known = std::any_of(values.begin(), values.end(), [&](const std::string& had) { return tooAlike(had, value); });
    if (!known) values.push_back(value);
  }
  return values;
}

std::optional<BenchmarkQuestion> QuestionMaker::ask(const Fact& fact, const QuestionForm& form, std::size_t wording,
                                                    std::size_t place) {
  const std::string_view words = form.wordings[wording];
  BenchmarkQuestion question = begin(fact, form.type);
  question.question = filled(words, fact.values);
  question.answer = fact.values.find(form.asked)->second;
  if (form.type != QuestionType::Choice) {
    const auto aliases = fact.aliases.find(form.asked);
    if (aliases != fact.aliases.end()) question.aliases = aliases->second;
    return question;
  }
  question.choices = wrongValues(fact, form.asked, words);
  if (question.choices.size() + 1 < kChoices) return std::nullopt;
  question.choices.resize(kChoices - 1);
  question.choices.insert(question.choices.begin() + static_cast<std::ptrdiff_t>(place % kChoices), question.answer);
  return question;
}

std::optional<BenchmarkQuestion> QuestionMaker::askWhether(const Fact& fact, std::size_t wording, bool right) {
  FactValues values = fact.values;
  if (!right) {
    // What the statement says besides the doubted value is the question that its value answers.
    std::string rest(kind_.statement);
    const std::string doubted = "{" + std::string(kind_.doubted) + "}";
    rest.erase(rest.find(doubted), doubted.size());
    const std::vector<std::string> wrong = wrongValues(fact, kind_.doubted, rest);
    if (wrong.empty()) return std::nullopt;
    values.find(kind_.doubted)->second = wrong.front();
  }
  BenchmarkQuestion question = begin(fact, QuestionType::Boolean);
  question.question = filled(statementWordings()[wording], {{"statement", filled(kind_.statement, values)}});
  question.answer = right ? "yes" : "no";
  return question;
}

}  // namespace orthoscribe::learn
