// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/base/json_field.h"

#include <gtest/gtest.h>

#include <functional>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/json_text.h"

namespace orthoscribe {
namespace {

std::string refusal(const std::function<void()>& read) {
  try {
    read();
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::InvalidInput);
    return error.message();
  }
  return "nothing was refused";
}

class JsonFields : public testing::Test {
 protected:
  nlohmann::json value_ = parseJson(R"({"name": "x", "on": true, "size": 7, "large": 18446744073709551615, "share": 0.5,
                                       "none": null, "list": [1, "two"], "inner": {"sides": [3, 4]}})");
  JsonField root_{value_, "a.json: "};
};

TEST_F(JsonFields, AreReadAsTheirType) {
  EXPECT_EQ(root_.member("name").text(), "x");
  EXPECT_TRUE(root_.member("on").flag());
  EXPECT_EQ(root_.member("size").integer(7, 7), 7);
  EXPECT_EQ(root_.member("size").number(), 7.0);
  EXPECT_EQ(root_.member("share").positive(), 0.5);
  EXPECT_EQ(root_.member("inner").member("sides").integers(), (std::vector<std::int64_t>{3, 4}));
  EXPECT_EQ(root_.member("inner").member("sides").numbers(), (std::vector<double>{3, 4}));
  EXPECT_EQ(root_.member("list").arraySize(), 2u);
  EXPECT_EQ(root_.member("list").element(1).text(), "two");
}

TEST_F(JsonFields, TakeFallbacksOnlyWhereNothingIsSaid) {
  EXPECT_EQ(root_.member("none").textOr("y"), "y");
  EXPECT_EQ(root_.member("gone").flagOr(true), true);
  EXPECT_EQ(refusal([&] { root_.member("size").textOr("y"); }), "a.json: size: a string was expected");
  EXPECT_EQ(refusal([&] { root_.member("size").flagOr(true); }), "a.json: size: true or false was expected");
}

TEST_F(JsonFields, NameFileAndPlace) {
  EXPECT_EQ(refusal([&] { root_.member("none").required(); }), "a.json: none: is missing");
  EXPECT_EQ(refusal([&] { root_.member("inner").member("sides").element(0).text(); }),
            "a.json: inner.sides[0]: a string was expected");
  EXPECT_EQ(refusal([&] { root_.member("list").integers(); }), "a.json: list[1]: a whole number was expected");
  EXPECT_EQ(refusal([&] { root_.member("name").member("x"); }), "a.json: name: an object was expected");
  EXPECT_EQ(refusal([&] { root_.member("name").arraySize(); }), "a.json: name: a list was expected");
  EXPECT_EQ(refusal([&] { root_.member("size").integer(8, 9); }), "a.json: size: is 7, a whole number from 8 to 9 was expected");
  EXPECT_EQ(refusal([&] { root_.member("share").integer(); }), "a.json: share: a whole number was expected");
  EXPECT_NE(refusal([&] { root_.member("large").integer(); }).find("is 18446744073709551615"), std::string::npos)
      << "rather than -1";
  EXPECT_EQ(refusal([&] { JsonField(value_["size"], "").fail("is odd"); }), "is odd");
}

TEST(JsonText, IsRefusedWithTheFile) {
  const TemporaryDirectory folder;
  writeTextFile(folder.path() / "b.json", "{\"a\": ");
  const std::string message = refusal([&] { readJsonFile(folder.path() / "b.json"); });
  EXPECT_NE(message.find("b.json: not valid JSON"), std::string::npos) << message;
}

TEST(JsonText, MayNotNestWithoutEnd) {
  const auto nested = [](int depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parseJson(nested(kDeepestJson)).is_array());
  EXPECT_NE(refusal([&] { parseJson(nested(kDeepestJson + 1)); }).find("nests deeper"), std::string::npos);
  EXPECT_NE(refusal([&] { parseJson(nested(3'000'000)); }).find("nests deeper"), std::string::npos);
  // Brackets in texts are no nesting, whatever stands before the quote.
  EXPECT_TRUE(parseJson("[\"\\\"" + std::string(1000, '[') + "\", \"\\\\\", 1]").is_array());
}

}  // namespace
}  // namespace orthoscribe
