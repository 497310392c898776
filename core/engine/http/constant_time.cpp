// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/constant_time.h"

#include <cstddef>

namespace orthoscribe::engine::http {

bool equalInConstantTime(std::string_view given, std::string_view expected) {
  std::size_t difference = given.size() ^ expected.size();
  for (std::size_t index = 0; index < given.size(); ++index) {
    const char against = expected.empty() ? '\0' : expected[index % expected.size()];
    difference |= static_cast<unsigned char>(given[index] ^ against);
  }
  return difference == 0;
}

}  // namespace orthoscribe::engine::http
