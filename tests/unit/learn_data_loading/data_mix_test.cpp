// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/data_mix.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

const std::vector<std::string> kKnown = {"dota_poly", "vhm", "lrs-zoom"};

TEST(DataMix, ReadsSuffixes) {
  EXPECT_EQ(parseMixEntry("vhm"), (MixEntry{"vhm", 1, 100.0}));
  EXPECT_EQ(parseMixEntry("vhm*25"), (MixEntry{"vhm", 25, 100.0}));
  EXPECT_EQ(parseMixEntry("vhm%10"), (MixEntry{"vhm", 1, 10.0}));
  EXPECT_EQ(parseMixEntry("vhm%0.5"), (MixEntry{"vhm", 1, 0.5}));
}

TEST(DataMix, RefusesWhatItCannotMean) {
  for (const char* text :
       {"", "*2", "vhm*0", "vhm*-1", "vhm*1.5", "vhm*", "vhm%0", "vhm%101", "vhm%", "vhm%x", "vhm*2%10", "vhm%nan"}) {
    try {
      parseMixEntry(text);
      ADD_FAILURE() << "taken: " << text;
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
      EXPECT_THAT(error.message(), testing::HasSubstr(text));
    }
  }
}

TEST(DataMix, AllStandsForEveryKnownName) {
  const std::vector<std::string> items = {"all*2", "vhm%50"};
  EXPECT_THAT(parseMix(items, kKnown), testing::ElementsAre(MixEntry{"dota_poly", 2, 100}, MixEntry{"vhm", 2, 100},
                                                            MixEntry{"lrs-zoom", 2, 100}, MixEntry{"vhm", 1, 50}));
  const std::vector<std::string> unknown = {"vhn"};
  try {
    parseMix(unknown, kKnown);
    FAIL();
  } catch (const Error& error) {
    EXPECT_THAT(error.message(), testing::HasSubstr("vhn"));
    EXPECT_THAT(error.message(), testing::HasSubstr("dota_poly, vhm, lrs-zoom"));
  }
  EXPECT_THROW(parseMix({}, kKnown), Error);
}

TEST(DataMix, CountsAsTheReferenceDoes) {
  EXPECT_EQ(samplesOf({"a", 1, 10.0}, 199), 19) << "int(len * P / 100)";
  EXPECT_EQ(samplesOf({"a", 8, 100.0}, 7), 56);
  EXPECT_EQ(samplesOf({"a", 1, 1.0}, 99), 0);
}

}  // namespace
}  // namespace orthoscribe::learn
