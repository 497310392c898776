// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/endpoint_url.h"

#include <gtest/gtest.h>

#include "core/base/error.h"
#include "core/client/http_model.h"

namespace orthoscribe::client {
namespace {

TEST(EndpointUrl, IsSplitIntoOriginAndPrefix) {
  const struct {
    const char* url;
    const char* origin;
    const char* prefix;
  } cases[] = {
      {"http://127.0.0.1:8080", "http://127.0.0.1:8080", ""},
      {"http://127.0.0.1:8080/", "http://127.0.0.1:8080", ""},
      {"https://host/v1", "https://host", ""},
      {"https://host/v1/", "https://host", ""},
      {"http://host:8000/models/a/v1//", "http://host:8000", "/models/a"},
      {"http://host/prefix", "http://host", "/prefix"},
      {"http://[::1]:80/v1", "http://[::1]:80", ""},
      {"http://[::1]", "http://[::1]", ""},
  };
  for (const auto& good : cases) {
    const EndpointUrl parsed = parseEndpointUrl(good.url);
    EXPECT_EQ(parsed.origin, good.origin) << good.url;
    EXPECT_EQ(parsed.prefix, good.prefix) << good.url;
  }
}

TEST(EndpointUrl, WhatIsNoneIsRefusedWithTheUrl) {
  for (const char* url : {"", "host:80", "ftp://host", "http://", "http:///v1", "http://host:port", "http://host:0",
                          "http://host:65536", "http://host:", "http://user:pass@host", "http://host?x", "http://host/v1#a",
                          "http://[::1", "http://[::1]x", "http://ho st", "http://host/a b", "http://host\r\nX: y"}) {
    try {
      makeHttpModel({.url = url, .token = {}, .model = {}});
      ADD_FAILURE() << url << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
      EXPECT_NE(error.message().find(url), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace orthoscribe::client
