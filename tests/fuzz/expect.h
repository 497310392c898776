// SPDX-License-Identifier: GPL-2.0-or-later
// What fuzz targets share: input as text, and an end with a message where a promise is broken.
#pragma once

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "core/base/error.h"

namespace orthoscribe::fuzz {

inline std::string_view textOf(const std::uint8_t* data, std::size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void expect(bool holds, const char* promise) {
  if (holds) return;
  std::fprintf(stderr, "broken promise: %s\n", promise);
  std::abort();
}

// Runs the parser. The only thing it may throw is Error, and that one with words and not as our own fault.
template <typename Parse>
void mayRefuse(Parse&& parse) {
  try {
    parse();
  } catch (const Error& error) {
    expect(error.code() != ErrorCode::Internal, "bad input is not an internal error");
    expect(!error.message().empty(), "a refusal says why");
  }
}

}  // namespace orthoscribe::fuzz
