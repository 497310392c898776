// SPDX-License-Identifier: GPL-2.0-or-later
// What the prompts of several families share.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/base/vision_language_model.h"

namespace orthoscribe::tasks {

// For prompts that say "the" themselves: "the ship at the pier" as "ship at the pier". A final full stop goes too.
std::string withoutArticle(std::string_view phrase);

// One turn with both pictures before the text, unless the text says where they stand.
std::vector<Message> twoPictures(std::string text, RgbImage before, RgbImage after);

}  // namespace orthoscribe::tasks
