// SPDX-License-Identifier: GPL-2.0-or-later
// How many threads a model is worth.
#pragma once

#include "core/engine/placement.h"

namespace orthoscribe::engine {

// asked: 0 leaves it to the model: all cores, but one thread for models of less than 64 million weights, whose products are too
// short to be shared. With the starter, two threads answer 3 % more questions than one on two idle cores, and nine times fewer
// beside other work, because each waits spinning for the other.
int chooseThreads(int asked, const WeightSizes& sizes, int cores);

}  // namespace orthoscribe::engine
