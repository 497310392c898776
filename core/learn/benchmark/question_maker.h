// SPDX-License-Identifier: GPL-2.0-or-later
// Makes the questions about the facts of one kind.
#pragma once

#include <cstdint>
#include <optional>
#include <random>

#include "core/learn/benchmark/fact.h"

namespace orthoscribe::learn {

inline constexpr std::size_t kChoices = 4;

class QuestionMaker {
 public:
  // known: all facts of the kind; nothing that is right for one of them is ever offered as wrong. wrongAnswers: the facts that
  // wrong answers may be taken from. All must outlive the maker.
  QuestionMaker(const FactKind& kind, const std::vector<Fact>& known, const std::vector<const Fact*>& wrongAnswers,
                std::uint64_t seed);

  // A question as the form has it; with options when it is a choice, the right one being number `place` (0-based). Nothing where
  // there are too few wrong answers for a choice. The fields id and split are left to the caller.
  std::optional<BenchmarkQuestion> ask(const Fact& fact, const QuestionForm& form, std::size_t wording, std::size_t place);

  // Whether the fact's statement, or one made wrong, is right. Nothing where no wrong one can be made.
  std::optional<BenchmarkQuestion> askWhether(const Fact& fact, std::size_t wording, bool right);

 private:
  // Other values of `asked` that are wrong for the question, in an order drawn anew, those of the fact's group first.
  std::vector<std::string> wrongValues(const Fact& fact, std::string_view asked, std::string_view wording);
  BenchmarkQuestion begin(const Fact& fact, QuestionType type) const;

  const FactKind& kind_;
  const std::vector<Fact>& known_;
  const std::vector<const Fact*>& wrongAnswers_;
  std::mt19937_64 random_;
};

// Draws the order of a list: the same on every machine, unlike std::shuffle.
template <typename Value>
void shuffleList(std::vector<Value>& list, std::mt19937_64& random) {
  for (std::size_t left = list.size(); left > 1; --left) std::swap(list[left - 1], list[random() % left]);
}

}  // namespace orthoscribe::learn
