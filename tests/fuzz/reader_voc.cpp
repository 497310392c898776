// SPDX-License-Identifier: GPL-2.0-or-later
// Pascal VOC's XML.
#include "tests/fuzz/reader_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orthoscribe;
  static const fuzz::SetFolder folder;
  folder.write("Annotations/1.xml", fuzz::textOf(data, size));
  fuzz::fuzzReader("voc", folder.path(), size);
  return 0;
}
