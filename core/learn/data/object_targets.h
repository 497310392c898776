// SPDX-License-Identifier: GPL-2.0-or-later
// Which of the tower's objects the decoder should name, and made-up lists to practise on.
#pragma once

#include <vector>

#include "core/learn/data/view.h"
#include "core/model/blocks/object_list.h"

namespace orthoscribe::learn {

// Objects of one class, best first, as they stand in the list.
std::vector<model::ProposedObject> objectsOfClass(const std::vector<model::ProposedObject>& objects, int objectClass);

// The length of the beginning of a class's list that is worth saying: a true object (IoU at least 0.5 with a free labelled box)
// counts 1, a false one costs 0.7; of equal ones the longest.
std::size_t worthSaying(const std::vector<model::ProposedObject>& ofClass, const std::vector<LabelledBox>& boxes,
                        int objectClass);

// A list like the tower's, drawn at random: copying from it is what the decoder must learn, and pictures with many objects are
// few.
std::vector<model::ProposedObject> drawObjects(const model::ProposalOptions& options, int sidePx, Random& random);

// Objects of a drawn list count as there from this score on.
inline constexpr double kDrawnObjectScore = 0.3;

}  // namespace orthoscribe::learn
