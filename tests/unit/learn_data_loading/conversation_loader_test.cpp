// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/conversation_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/data/loading/conversation_stream.h"
#include "core/learn/data/processing/open_picture.h"
#include "tests/unit/learn_data_loading/made_data.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

class ConversationLoading : public testing::Test {
 protected:
  void SetUp() override {
    fs::create_directories(folder_.path() / "images");
    std::vector<Conversation> seen;
    for (int i = 0; i < 12; ++i) {
      const std::string name = "images/" + std::to_string(i) + ".png";
      writePicture(test::busyImage(84 + 28 * (i % 3), 84, static_cast<unsigned>(i)), folder_.path() / name, 90);
      const geo::Quad ship = {{{10, 20}, {40, 20}, {40, 60}, {10, 60}}};
      const tasks::Dialect& dialect = tasks::dialectNamed("rscovlm_hbb");
      Conversation conversation =
          test::askedAbout(name, "find the ship", dialect.formatAnswer({{"ship", ship}}, dialect.frameOf(84 + 28 * (i % 3), 84)));
      conversation.id = std::to_string(i);
      conversation.objects = {{"ship", ship, false}};
      seen.push_back(conversation);
    }
    test::writeConversations(folder_.path() / "seen.jsonl", seen);
    std::vector<Conversation> read;
    for (int i = 0; i < 5; ++i) {
      read.push_back(test::askedAbout("", "What is NDVI, " + std::to_string(i) + "?", "an index"));
      read.back().id = "text " + std::to_string(i);
    }
    test::writeConversations(folder_.path() / "read.jsonl", read);
    options_.places = {&tasks::dialectNamed("rscovlm_hbb"), ResizeLimits{28, 4 * 784, 25 * 784}};
    options_.turnShare = 0.7;
    options_.resizeShare = 0.7;
  }

  std::unique_ptr<ConversationLoader> loader(const std::vector<std::string>& mix = {"seen*2", "read"}) const {
    return std::make_unique<ConversationLoader>(
        std::vector<DataSource>{{"seen", folder_.path() / "seen.jsonl"}, {"read", folder_.path() / "read.jsonl"}}, mix, options_);
  }

  TemporaryDirectory folder_;
  LoadingOptions options_;
};

bool same(const LoadedSample& a, const LoadedSample& b) {
  return a.number == b.number && a.where == b.where && a.conversation == b.conversation && a.images == b.images &&
         a.orientation == b.orientation;
}

TEST_F(ConversationLoading, SampleDependsOnItsNumberAlone) {
  const auto one = loader();
  const auto other = loader();
  EXPECT_EQ(one->epochSize(), 29);
  bool turned = false;
  bool resized = false;
  for (const std::int64_t number : {57, 3, 0, 28, 29, 3, 12, 40, 41, 42}) {
    const auto sample = one->load(number);
    ASSERT_TRUE(sample);
    EXPECT_TRUE(same(*sample, *other->load(number))) << number;
    turned = turned || !sample->orientation.isIdentity();
    if (sample->images.empty()) continue;
    resized = resized || sample->images[0].height % 84 != 0;
    // What is said lies where the object is.
    const tasks::Dialect& dialect = *options_.places.dialect;
    const RgbImage& image = sample->images[0];
    ModelInfo info;
    info.resize = options_.places.resize;
    const auto boxes =
        dialect.parse(sample->conversation.turns[1].text, dialect.frameFor(image.width, image.height, info), {}, true);
    ASSERT_EQ(boxes.boxes.size(), 1u);
    const geo::Point said = geo::minimumAreaRectangle(boxes.boxes[0].quad).centre;
    const geo::Point object = geo::minimumAreaRectangle(sample->conversation.objects[0].quad).centre;
    EXPECT_NEAR(said.x, object.x, 2.0);
    EXPECT_NEAR(said.y, object.y, 2.0);
  }
  EXPECT_TRUE(turned);
  EXPECT_TRUE(resized);
}

TEST_F(ConversationLoading, ResumedStreamGoesOnAsTheUnbrokenOne) {
  ConversationStream whole(loader(), 0, 3);
  std::vector<LoadedSample> all;
  for (int i = 0; i < 45; ++i) all.push_back(whole.next());
  for (const std::size_t stop : {std::size_t{1}, std::size_t{17}, std::size_t{29}, std::size_t{40}}) {
    ConversationStream first(loader(), 0, 5);
    for (std::size_t i = 0; i < stop; ++i) first.next();
    ConversationStream second(loader(), first.state(), 1);
    for (std::size_t i = stop; i < std::min(stop + 5, all.size()); ++i) EXPECT_TRUE(same(second.next(), all[i])) << i;
  }
}

TEST_F(ConversationLoading, EpochHoldsEverySampleAsOftenAsTheMixSays) {
  const auto one = loader({"seen*2", "read%40"});
  std::map<std::string, int> counts;
  for (std::int64_t i = 0; i < one->epochSize(); ++i) ++counts[one->load(i)->conversation.id];
  EXPECT_EQ(one->epochSize(), 26);
  int texts = 0;
  for (const auto& [id, count] : counts) {
    const bool text = id.starts_with("text");
    EXPECT_EQ(count, text ? 1 : 2) << id;
    texts += text ? 1 : 0;
  }
  EXPECT_EQ(texts, 2);
}

TEST_F(ConversationLoading, BadSamplesAreToldOnceWithFileAndLineAndPassedOver) {
  std::ofstream(folder_.path() / "images/4.png", std::ios::binary) << "no picture";
  std::ofstream(folder_.path() / "seen.jsonl", std::ios::app) << "\n{\"conversations\": 3}\n";
  const auto one = loader({"seen*2"});
  int missing = 0;
  for (std::int64_t i = 0; i < 3 * one->epochSize(); ++i) missing += one->load(i) ? 0 : 1;
  EXPECT_EQ(missing, 3 * 2 * 2);
  std::vector<std::string> places;
  for (const BadRecord& bad : one->report().skipped()) places.push_back(fs::path(bad.where).filename().string());
  EXPECT_THAT(places, testing::UnorderedElementsAre("seen.jsonl:5", "seen.jsonl:14"));

  options_.skip = {0.0, 1};
  const auto strict = loader({"seen*2"});
  EXPECT_THROW(
      {
        for (std::int64_t i = 0; i < strict->epochSize(); ++i) strict->load(i);
      },
      Error);
}

TEST_F(ConversationLoading, StreamEndsWhenNothingCanBeUsed) {
  fs::remove_all(folder_.path() / "images");
  ConversationStream stream(loader({"seen"}), 0);
  EXPECT_THROW(stream.next(), Error) << "rather than to try for ever";
}

TEST_F(ConversationLoading, RefusesWhatCannotBeLoaded) {
  EXPECT_THROW(loader({"nothing"}), Error);
  std::ofstream(folder_.path() / "read.jsonl") << "\n\n";
  EXPECT_THROW(loader({"read"}), Error) << "an empty set";
  options_.turnShare = 1.5;
  EXPECT_THROW(loader({"seen"}), Error);
  options_.turnShare = 0.0;
  options_.places.resize = std::nullopt;
  EXPECT_THROW(loader({"seen"}), Error) << "random sizes without limits";
}

}  // namespace
}  // namespace orthoscribe::learn
