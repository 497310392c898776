// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/progress.h"

#include <gtest/gtest.h>

#include "core/base/error.h"

namespace orthoscribe {
namespace {

using std::chrono::seconds;

TEST(DurationText, ReadsNaturally) {
  EXPECT_EQ(durationText(seconds(0)), "0 s");
  EXPECT_EQ(durationText(seconds(45)), "45 s");
  EXPECT_EQ(durationText(seconds(200)), "3 min 20 s");
  EXPECT_EQ(durationText(seconds(2 * 3600 + 5 * 60)), "2 h 05 min");
}

TEST(RemainingTime, SaysNothingWithoutATotalOrABeginning) {
  const RemainingTime time;
  EXPECT_FALSE(time.estimate({.done = 0, .total = 10, .unit = {}, .note = {}}));
  EXPECT_FALSE(time.estimate({.done = 5, .total = 0, .unit = {}, .note = {}}));
  EXPECT_EQ(time.estimate({.done = 10, .total = 10, .unit = {}, .note = {}}), seconds(0));
}

TEST(Error, PutsMessageAndHintOnOneLine) {
  const Error error(ErrorCode::NotFound, "no model", "install one");
  const std::string text = error.what();
  EXPECT_NE(text.find("no model"), std::string::npos);
  EXPECT_NE(text.find("install one"), std::string::npos);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  EXPECT_STREQ(Error(ErrorCode::Io, "full").what(), "full");
}

TEST(Error, EveryCodeHasItsName) {
  EXPECT_EQ(errorCodeName(ErrorCode::InvalidInput), "invalid_input");
  EXPECT_EQ(errorCodeName(ErrorCode::NotFound), "not_found");
  EXPECT_EQ(errorCodeName(ErrorCode::Unsupported), "unsupported");
  EXPECT_EQ(errorCodeName(ErrorCode::Io), "io");
  EXPECT_EQ(errorCodeName(ErrorCode::Unavailable), "unavailable");
  EXPECT_EQ(errorCodeName(ErrorCode::Cancelled), "cancelled");
  EXPECT_EQ(errorCodeName(ErrorCode::Internal), "internal");
}

}  // namespace
}  // namespace orthoscribe
