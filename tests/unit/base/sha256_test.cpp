// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/sha256.h"

#include <gtest/gtest.h>

#include <string>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe {
namespace {

std::string hashOf(std::string_view text) {
  return sha256Hex(std::as_bytes(std::span(text)));
}

// FIPS 180-4 examples.
TEST(Sha256, VectorsOfTheStandard) {
  EXPECT_EQ(hashOf(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(hashOf("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(hashOf("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(hashOf(std::string(1'000'000, 'a')), "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, PiecesGiveTheSameAsTheWhole) {
  const std::string text(300, 'x');
  for (const std::size_t step : {1u, 55u, 56u, 63u, 64u, 65u, 127u}) {
    Sha256 hash;
    for (std::size_t at = 0; at < text.size(); at += step) {
      hash.update(std::as_bytes(std::span(text).subspan(at, std::min(step, text.size() - at))));
    }
    EXPECT_EQ(hash.finish(), hashOf(text)) << "in steps of " << step;
  }
}

TEST(Sha256, OfAFile) {
  const TemporaryDirectory folder;
  const std::string text(200'000, 'q');
  writeTextFile(folder.path() / "data", text);
  EXPECT_EQ(sha256OfFile(folder.path() / "data"), hashOf(text));
  EXPECT_THROW(sha256OfFile(folder.path() / "missing"), Error);
}

}  // namespace
}  // namespace orthoscribe
