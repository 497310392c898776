// SPDX-License-Identifier: GPL-2.0-or-later
// An adapter's configuration, which comes with weights from anywhere.
#include <fstream>

#include "core/base/files.h"
#include "core/model/adapters/adapter.h"
#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orthoscribe;
  static const TemporaryDirectory folder;
  std::ofstream(folder.path() / "adapter_config.json", std::ios::binary | std::ios::trunc) << fuzz::textOf(data, size);
  fuzz::mayRefuse([&] {
    const model::AdapterConfig config = model::readAdapterConfig(folder.path());
    fuzz::expect(config.rank > 0 && !config.targets.empty(), "an adapter has a rank and targets");
    fuzz::expect(config.topK <= config.experts || config.experts == 0, "no more experts are chosen than there are");
  });
  return 0;
}
