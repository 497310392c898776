// SPDX-License-Identifier: GPL-2.0-or-later
// RSVQA's three files.
#include "tests/fuzz/reader_target.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orthoscribe;
  static const fuzz::SetFolder folder;
  const auto parts = fuzz::partsOf(fuzz::textOf(data, size), 3);
  folder.write("part_images.json", parts[2]);
  folder.write("part_answers.json", parts[1]);
  fuzz::fuzzReader("rsvqa", folder.write("part_questions.json", parts[0]), size);
  return 0;
}
