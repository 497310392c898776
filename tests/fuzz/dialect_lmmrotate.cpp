// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/fuzz/dialect_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  orthoscribe::fuzz::fuzzDialect("lmmrotate", data, size);
  return 0;
}
