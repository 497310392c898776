// SPDX-License-Identifier: GPL-2.0-or-later
// Which of some classes an answer in words names.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::tasks {

struct ClassMention {
  std::size_t classIndex = 0;
  std::size_t begin = 0;  // bytes of the answer that name it
  std::size_t end = 0;
};

// Whole words, without case, in the plural too, however a name of several words is written ("BareLand", "bare_land",
// "bareland"); so "river" is not found in "driver". Of names that overlap the longest counts. Each class once, in the order of
// the answer.
std::vector<ClassMention> classMentions(std::string_view answer, const std::vector<std::string>& classes);

}  // namespace orthoscribe::tasks
