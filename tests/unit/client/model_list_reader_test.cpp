// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/model_list_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "core/base/error.h"

namespace orthoscribe::client {
namespace {

TEST(ModelListReader, OfAForeignServerOnlyTheNameIsKnown) {
  const char* list = R"({"object":"list","data":[{"id":"rscovlm","object":"model"},{"id":"other"}]})";
  EXPECT_EQ(readModelList(list, "", "server").name, "rscovlm");
  const ModelInfo info = readModelList(list, "other", "server");
  EXPECT_EQ(info.name, "other");
  EXPECT_EQ(info.family, "");
  EXPECT_EQ(info.imageSidePx, 448);
  try {
    readModelList(list, "third", "server");
    FAIL();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::NotFound);
    EXPECT_THAT(error.what(), testing::HasSubstr("rscovlm, other"));
  }
}

TEST(ModelListReader, AnExtensionThatLiesLeavesTheDefaults) {
  const ModelInfo info = readModelList(
      R"({"data":[{"id":"a","orthoscribe":{"family":5,"imageSidePx":-3,"groundResolutionM":"x","classes":[1,"ship"],"adapters":{}}}]})",
      "", "server");
  EXPECT_EQ(info.family, "");
  EXPECT_EQ(info.imageSidePx, 448);
  EXPECT_DOUBLE_EQ(info.groundResolutionM, 0.5);
  EXPECT_EQ(info.classes, std::vector<std::string>{"ship"});
  EXPECT_TRUE(info.adapters.empty());
}

TEST(ModelListReader, TellsHowPicturesAreResized) {
  const auto resizeIn = [](const std::string& extension) {
    return readModelList(R"({"data":[{"id":"a","orthoscribe":{"resize":)" + extension + "}}]}", "", "server").resize;
  };
  const ResizeLimits limits = {.factor = 28, .minPixels = 50176, .maxPixels = 1016064};
  EXPECT_EQ(resizeIn(R"({"factor":28,"minPixels":50176,"maxPixels":1016064})"), limits);
  for (const char* lie :
       {"5", "{}", R"({"factor":0,"minPixels":1,"maxPixels":2})", R"({"factor":28,"minPixels":9,"maxPixels":2})",
        R"({"factor":-28,"minPixels":1,"maxPixels":2})", R"({"factor":28,"minPixels":"x","maxPixels":2})"})
    EXPECT_EQ(resizeIn(lie), std::nullopt) << lie;
}

TEST(ModelListReader, WhatIsNoListIsRefused) {
  for (const char* list : {"", "<html>", "[]", "{}", R"({"data":5})", R"({"data":[5]})", R"({"data":[{}]})",
                           R"({"data":[{"id":5}]})", R"({"data":[]})"}) {
    try {
      readModelList(list, "", "server");
      ADD_FAILURE() << list << " was taken";
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::Unavailable) << list;
    }
  }
}

}  // namespace
}  // namespace orthoscribe::client
