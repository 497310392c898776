// SPDX-License-Identifier: GPL-2.0-or-later
// Questions in looser words than they were written in, so that what is learned hangs on the words that matter.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "core/learn/data/question.h"
#include "core/learn/data/view.h"

namespace orthoscribe::learn {

class LooseWording {
 public:
  // Words that stand in many of the questions may be left out or give way to others: those words themselves, and `strangers`.
  LooseWording(const std::vector<QuestionAnswer>& questions, std::vector<std::string> strangers);

  // The question with some of its common words left out, exchanged or with others beside them; at times as it was. Options of a
  // choice (all lines but the first), names, numbers and rarer words stay.
  std::string loosened(const std::string& question, Random& random) const;

  const std::set<std::string>& commonWords() const { return common_; }

 private:
  std::set<std::string> common_;
  std::vector<std::string> others_;
};

// The words of small letters alone in these texts, each once, in order.
std::vector<std::string> plainWords(const std::vector<std::string>& texts);

}  // namespace orthoscribe::learn
