// SPDX-License-Identifier: GPL-2.0-or-later
// YOLO's names of classes and lines of boxes.
#include "tests/fuzz/reader_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orthoscribe;
  static const fuzz::SetFolder folder;
  const auto parts = fuzz::partsOf(fuzz::textOf(data, size), 2);
  folder.write("data.yaml", parts[0]);
  folder.write("labels/1.txt", parts[1]);
  fuzz::fuzzReader("yolo-obb", folder.path(), size);
  return 0;
}
