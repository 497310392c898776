// SPDX-License-Identifier: GPL-2.0-or-later
// Better and worse answers to one question about a view: what preference optimisation of the starter learns from.
#pragma once

#include <cstdint>
#include <vector>

#include "core/learn/data/decoder_views.h"
#include "core/learn/data/question.h"
#include "core/model/blocks/object_list.h"

namespace orthoscribe::learn {

struct PreferencePair {
  QuestionAnswer chosen;
  std::string rejected;
};

// objects: the tower's list for the view. sceneShares: its probabilities of the scenes. The worse answers are those that this
// model is tempted to: a list that goes on with objects which are none, one that stops before the last true one, one with an
// object of another class; a count of everything in the list, or one beside the truth; the likeliest wrong scene; "yes" for "no".
// At most `limit`, drawn by the view's seed.
std::vector<PreferencePair> makePreferences(const ViewFacts& facts, const std::vector<model::ProposedObject>& objects,
                                            const std::vector<float>& sceneShares, std::size_t limit);

}  // namespace orthoscribe::learn
