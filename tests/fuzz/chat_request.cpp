// SPDX-License-Identifier: GPL-2.0-or-later
// The body of a chat completion request, as it comes from any client.
#include "core/engine/http/chat_request.h"

#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orthoscribe;
  const engine::http::ChatLimits limits{.maxImagePixels = 1 << 16, .maxImages = 4};
  fuzz::mayRefuse([&] {
    const engine::http::ChatRequest request = engine::http::parseChatRequest(fuzz::textOf(data, size), limits);
    std::size_t images = 0;
    for (const Message& message : request.messages) images += message.images.size();
    fuzz::expect(images <= 4, "there are no more images than allowed");
    fuzz::expect(request.options.maxNewTokens > 0, "there is something to answer");
    fuzz::expect(request.options.temperature >= 0.0, "the temperature is none below zero");
  });
  return 0;
}
