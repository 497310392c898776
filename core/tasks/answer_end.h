// SPDX-License-Identifier: GPL-2.0-or-later
// What users are told of how an answer ended.
#pragma once

#include <string>
#include <vector>

#include "core/base/vision_language_model.h"

namespace orthoscribe::tasks {

// Adds a line when the answer was ended because it repeated itself.
void warnOfRepetition(const Reply& reply, std::vector<std::string>& warnings);

// "“car, ”": what was repeated, on one line and not too long, for such lines.
std::string quotedRepetition(const Reply& reply);

}  // namespace orthoscribe::tasks
