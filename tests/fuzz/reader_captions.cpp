// SPDX-License-Identifier: GPL-2.0-or-later
// A JSON file of captions.
#include "tests/fuzz/reader_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orthoscribe;
  static const fuzz::SetFolder folder;
  fuzz::fuzzReader("captions", folder.write("set.json", fuzz::textOf(data, size)), size);
  return 0;
}
