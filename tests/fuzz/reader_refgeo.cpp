// SPDX-License-Identifier: GPL-2.0-or-later
// refGeo's lines.
#include "tests/fuzz/reader_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orthoscribe;
  static const fuzz::SetFolder folder;
  fuzz::fuzzReader("refgeo", folder.write("set.jsonl", fuzz::textOf(data, size)), size);
  return 0;
}
