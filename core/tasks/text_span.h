// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <cstddef>

namespace orthoscribe::tasks {

// Bytes [begin, end) of a text.
struct TextSpan {
  std::size_t begin = 0;
  std::size_t end = 0;
};

}  // namespace orthoscribe::tasks
