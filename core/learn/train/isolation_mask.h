// SPDX-License-Identifier: GPL-2.0-or-later
// What sequences that share rows may see of each other: nothing.
#pragma once

#include <torch/types.h>

#include <cstdint>

#include "core/learn/data/loading/packing.h"

namespace orthoscribe::learn {

// bool [rows, 1, length, length], true where a token may look: within its own piece of the row, not ahead, and, with a window,
// not further back than window - 1. What lies behind the last piece of a row looks at itself, so that no token looks nowhere.
torch::Tensor isolationMask(const PackingPlan& plan, std::int64_t window);

}  // namespace orthoscribe::learn
