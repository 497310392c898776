// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/verify/kinds.h"

#include "core/learn/verify/box_grammar_cases.h"
#include "core/learn/verify/expert_loss_cases.h"
#include "core/learn/verify/metric_cases.h"
#include "core/learn/verify/preference_cases.h"

namespace orthoscribe::learn::verify {

const std::vector<engine::verify::FixtureKind>& fixtureKinds() {
  // One line a kind, so that adding one touches one file of its own and this list.
  static const std::vector<engine::verify::FixtureKind> kinds = {
      {"metrics", metricCasesIn},
      {"box_grammar", boxGrammarCasesIn},
      {"losses of experts", expertLossCasesIn},
      {"preference losses", preferenceCasesIn},
  };
  return kinds;
}

}  // namespace orthoscribe::learn::verify
