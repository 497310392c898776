// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/caption_tokens.h"

#include <gtest/gtest.h>

#include <utility>

namespace orthoscribe::learn {
namespace {

TEST(CaptionTokens, AreThoseOfThePennTreebankWithoutItsMarks) {
  const std::pair<const char*, const char*> cases[] = {
      {"Two planes, parked; near a terminal.", "two planes parked near a terminal"},
      {"large-vehicles", "large-vehicles"},
      {"3,000 cars at 0.5 m", "3,000 cars at 0.5 m"},
      {"They don't and can't; it's the river's.", "they do n't and ca n't it 's the river 's"},
      {"cannot", "can not"},
      {"(two)", "-lrb- two -rrb-"},
      {"a & b", "a & b"},
      {"\"quoted\" -- words...", "quoted words"},
      {"M\u00fcnchen", "m\u00fcnchen"},
      {"", ""}};
  for (const auto& [text, tokens] : cases) EXPECT_EQ(captionTokens(text), tokens) << text;
}

}  // namespace
}  // namespace orthoscribe::learn
