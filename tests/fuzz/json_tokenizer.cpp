// SPDX-License-Identifier: GPL-2.0-or-later
// A tokenizer.json, which comes with a model from anywhere.
#include "core/text/json_tokenizer.h"

#include <nlohmann/json.hpp>

#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orthoscribe;
  const nlohmann::json definition = nlohmann::json::parse(fuzz::textOf(data, size), nullptr, false);
  if (definition.is_discarded()) return 0;
  fuzz::mayRefuse([&] {
    const text::JsonTokenizer tokenizer(JsonField(definition, "tokenizer.json: "));
    for (const char* text : {"the <|end|> 12", "", "Gr\xC3\xB6\xC3\x9F\x65, \xE4\xB8\xAD!  \n\xFF"}) {
      const std::vector<text::TokenId> ids = tokenizer.encode(text, true);
      tokenizer.decode(ids, false);
      for (const text::TokenId id : ids) tokenizer.tokenBytes(id, true);
    }
  });
  return 0;
}
