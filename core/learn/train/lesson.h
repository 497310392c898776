// SPDX-License-Identifier: GPL-2.0-or-later
// Which questions are asked about a view in training.
#pragma once

#include <vector>

#include "core/learn/data/decoder_views.h"
#include "core/learn/data/question.h"
#include "core/model/blocks/object_list.h"

namespace orthoscribe::learn {

// objects: what the tower found in the view, or the made-up list when facts.drawnObjects. Only what is known is asked.
std::vector<QuestionAnswer> makeLesson(const ViewFacts& facts, const std::vector<model::ProposedObject>& objects);

}  // namespace orthoscribe::learn
