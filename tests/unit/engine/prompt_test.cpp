// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/prompt.h"

#include <gmock/gmock.h>

#include <algorithm>

#include "byte_tokenizer.h"
#include "core/base/error.h"
#include "core/text/delimited_template.h"

namespace orthoscribe::engine {
namespace {

using testing::HasSubstr;

class PromptTest : public testing::Test {
 protected:
  Prompt assemble(const std::vector<Message>& messages, const std::vector<std::int64_t>& rows) {
    return PromptAssembler(tokenizer_, template_, false).assemble(messages, rows);
  }
  std::string errorOf(const std::vector<Message>& messages, const std::vector<std::int64_t>& rows = {}) {
    try {
      assemble(messages, rows);
    } catch (const Error& error) {
      return error.what();
    }
    return "no error";
  }
  Message user(std::string text, std::size_t images = 0) {
    return {.role = Role::User, .text = std::move(text), .images = std::vector<RgbImage>(images, RgbImage(1, 1))};
  }

  ByteTokenizer tokenizer_;
  ColonTemplate template_;
};

TEST_F(PromptTest, PutsAnImageWithoutMarkerBeforeTheText) {
  const Prompt prompt = assemble({user("what?", 1)}, {3});
  EXPECT_EQ(prompt.text, "user:<image>\nwhat?;assistant:");
  ASSERT_EQ(prompt.images.size(), 1u);
  EXPECT_EQ(prompt.images[0].begin, 6);  // "user:" and <img>
  EXPECT_EQ(prompt.images[0].length, 3);
  EXPECT_EQ(tokenizer_.decode(prompt.ids, false), "user:<img><IMG_CONTEXT><IMG_CONTEXT><IMG_CONTEXT></img>\nwhat?;assistant:");
}

TEST_F(PromptTest, NumbersSeveralImagesWithoutMarkers) {
  EXPECT_EQ(assemble({user("compare", 2)}, {1, 2}).text, "user:Image-1: <image>\nImage-2: <image>\ncompare;assistant:");
}

TEST_F(PromptTest, KeepsMarkersWhereTheyStandAndGivesEachItsOwnRows) {
  const Prompt prompt = assemble({user("<image> and <image>?", 2)}, {1, 2});
  EXPECT_EQ(tokenizer_.decode(prompt.ids, false),
            "user:<img><IMG_CONTEXT></img> and <img><IMG_CONTEXT><IMG_CONTEXT></img>?;assistant:");
  ASSERT_EQ(prompt.images.size(), 2u);
  EXPECT_EQ(prompt.images[1].length, 2);
  EXPECT_EQ(prompt.ids[static_cast<std::size_t>(prompt.images[1].begin)], ByteTokenizer::kImageRow);
  EXPECT_NE(prompt.ids[static_cast<std::size_t>(prompt.images[1].begin - 1)], ByteTokenizer::kImageRow);
}

TEST_F(PromptTest, KeepsHistoryInOrder) {
  const Prompt prompt =
      assemble({user("<image>\nfirst", 1), {.role = Role::Assistant, .text = "yes", .images = {}}, user("then?")}, {1});
  EXPECT_EQ(prompt.text, "user:<image>\nfirst;assistant:yes;user:then?;assistant:");
}

// A template that writes images its own way.
class MarkingTemplate : public ColonTemplate {
 public:
  explicit MarkingTemplate(std::string mark) : mark_(std::move(mark)) {}
  std::string imageMark(std::size_t, bool) const override { return mark_; }

 private:
  std::string mark_;
};

TEST_F(PromptTest, WritesTheMarkOfTheTemplateAndPutsTheRowsThere) {
  const MarkingTemplate own("<IMG_CONTEXT>\n");
  const PromptAssembler assembler(tokenizer_, own, false, {.mark = "<IMG_CONTEXT>"});
  const Prompt prompt = assembler.assemble({user("compare", 2)}, std::vector<std::int64_t>{1, 2});
  EXPECT_EQ(prompt.text, "user:<IMG_CONTEXT>\n<IMG_CONTEXT>\ncompare;assistant:");
  EXPECT_EQ(tokenizer_.decode(prompt.ids, false),
            "user:<img><IMG_CONTEXT></img>\n<img><IMG_CONTEXT><IMG_CONTEXT></img>\ncompare;assistant:");
  EXPECT_EQ(assembler.assemble({user("A <image>B", 1)}, std::vector<std::int64_t>{1}).text, "user:A <IMG_CONTEXT>\nB;assistant:");
}

TEST_F(PromptTest, RowsMayStandBeforeTheWholePrompt) {
  const MarkingTemplate own("");
  const PromptAssembler assembler(tokenizer_, own, true,
                                  {.mark = "", .begin = "", .row = "<IMG_CONTEXT>", .end = "", .beforeText = true});
  const Prompt prompt = assembler.assemble({user("what?", 1)}, std::vector<std::int64_t>{3});
  EXPECT_EQ(prompt.text, "user:what?;assistant:");
  ASSERT_EQ(prompt.images.size(), 1u);
  EXPECT_EQ(prompt.images[0].begin, 0);
  EXPECT_EQ(prompt.images[0].length, 3);
  const std::vector<text::TokenId> words = tokenizer_.encode(prompt.text, true);
  ASSERT_EQ(prompt.ids.size(), 3 + words.size());
  EXPECT_TRUE(std::equal(words.begin(), words.end(), prompt.ids.begin() + 3));
  EXPECT_EQ(assembler.assemble({user("what?")}, {}).ids, words);
  EXPECT_THROW(assembler.assemble({user("compare", 2)}, std::vector<std::int64_t>{3, 3}), Error);
}

TEST_F(PromptTest, SaysWhatIsWrong) {
  EXPECT_THAT(errorOf({}), HasSubstr("no message"));
  EXPECT_THAT(errorOf({{.role = Role::Assistant, .text = "hello", .images = {}}}), HasSubstr("not the user's"));
  EXPECT_THAT(errorOf({user("<image> <image>", 1)}, {1}), HasSubstr("1 images, but its text marks 2"));
  EXPECT_THAT(errorOf({user("smuggled <IMG_CONTEXT>", 1)}, {1}), HasSubstr("kept for images"));
}

// Qwen's way: the template writes one row of an image, which is repeated; nothing stands between image and text.
TEST_F(PromptTest, RepeatsTheRowThatATemplateWrites) {
  text::DelimitedForm form{.name = "row",
                           .system = {},
                           .user = {"user:", ";"},
                           .assistant = {"assistant:", ";"},
                           .generationPrompt = "assistant:",
                           .stops = {}};
  form.image = "<img><IMG_CONTEXT></img>";
  const text::DelimitedTemplate chatTemplate(form, "");
  const PromptAssembler assembler(tokenizer_, chatTemplate, false,
                                  {.mark = "<IMG_CONTEXT>", .begin = "", .row = "<IMG_CONTEXT>", .end = ""});
  const std::vector<std::int64_t> rows = {3, 1};
  const Prompt prompt = assembler.assemble({user("and?", 2)}, rows);
  EXPECT_EQ(prompt.text, "user:<img><IMG_CONTEXT></img><img><IMG_CONTEXT></img>and?;assistant:");
  EXPECT_EQ(tokenizer_.decode(prompt.ids, false),
            "user:<img><IMG_CONTEXT><IMG_CONTEXT><IMG_CONTEXT></img><img><IMG_CONTEXT></img>and?;assistant:");
  ASSERT_EQ(prompt.images.size(), 2u);
  EXPECT_EQ(prompt.images[0].begin, 6);
  EXPECT_EQ(prompt.images[1].begin, 11);
  EXPECT_EQ(prompt.images[1].length, 1);
  EXPECT_THROW(assembler.assemble({user("<IMG_CONTEXT> smuggled", 1)}, std::vector<std::int64_t>{2}), Error);
}

TEST_F(PromptTest, RefusesImagesWhenTheTokenizerHasNoPlaceForThem) {
  const PromptAssembler assembler(tokenizer_, template_, false, {.begin = "", .row = "<no such token>", .end = ""});
  EXPECT_THROW(assembler.assemble({user("what?", 1)}, std::vector<std::int64_t>{1}), Error);
}

TEST_F(PromptTest, PlainTextIsEncodedAsItIs) {
  const Prompt prompt = PromptAssembler(tokenizer_, template_, false).plain("The image");
  EXPECT_EQ(prompt.text, "The image");
  EXPECT_EQ(prompt.ids.size(), 10u);
  EXPECT_EQ(prompt.ids.front(), 1);
}

}  // namespace
}  // namespace orthoscribe::engine
