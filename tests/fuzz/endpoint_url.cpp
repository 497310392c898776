// SPDX-License-Identifier: GPL-2.0-or-later
// The address of a server, as people write it.
#include "core/client/endpoint_url.h"

#include "tests/fuzz/expect.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace orthoscribe;
  fuzz::mayRefuse([&] {
    const client::EndpointUrl url = client::parseEndpointUrl(fuzz::textOf(data, size));
    fuzz::expect(url.origin.starts_with("http://") || url.origin.starts_with("https://"), "an origin has a scheme");
    const client::EndpointUrl again = client::parseEndpointUrl(url.text() + "/v1");
    fuzz::expect(again.text() == url.text(), "with the path that is always added it is read the same again");
  });
  return 0;
}
