// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

#include "core/base/error.h"

namespace orthoscribe {

// `work` must throw an Error of that code whose message holds all of `parts`.
inline void expectError(ErrorCode code, const std::vector<std::string>& parts, const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    EXPECT_EQ(errorCodeName(error.code()), errorCodeName(code)) << error.what();
    for (const std::string& part : parts) EXPECT_THAT(std::string(error.what()), testing::HasSubstr(part));
    return;
  }
  ADD_FAILURE() << "nothing was thrown";
}

}  // namespace orthoscribe
