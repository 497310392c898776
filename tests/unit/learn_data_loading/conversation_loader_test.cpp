// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/conversation_loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "core/base/error.h"
#include "core/base/files.h"
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

TEST_F(ConversationLoading, EndsWhenNothingCanBeUsed) {
  fs::remove_all(folder_.path() / "images");
  const auto one = loader({"seen*2"});
  std::int64_t number = 0;
  EXPECT_THROW(
      {
        for (; number < 10 * one->epochSize(); ++number) EXPECT_FALSE(one->load(number));
      },
      Error)
      << "rather than to try for ever";
  EXPECT_EQ(one->report().skippedCount(), 12) << "each told once";
}

TEST_F(ConversationLoading, OneGoodSampleIsEnoughHoweverOftenTheBadOnesCome) {
  for (int i = 1; i < 12; ++i) std::ofstream(folder_.path() / ("images/" + std::to_string(i) + ".png"), std::ios::binary) << "no";
  const auto one = loader({"seen"});
  int good = 0;
  // The same bad one again and again, as when it stands there in several epochs on end.
  for (std::int64_t i = 0; i < 12; ++i) {
    const bool loaded = one->load(i).has_value();
    good += loaded ? 1 : 0;
    for (int again = 0; !loaded && again < 20; ++again) EXPECT_FALSE(one->load(i));
  }
  EXPECT_EQ(good, 1);
}

TEST_F(ConversationLoading, RandomSizesTakeNoMoreThanTheRowHasRoomFor) {
  options_.resizeShare = 1.0;
  options_.mostPixels = 6 * 784;
  const auto one = loader({"seen"});
  for (std::int64_t i = 0; i < 24; ++i) {
    const RgbImage image = one->load(i)->images.at(0);
    EXPECT_LE(image.width * image.height, 6 * 784);
    EXPECT_GE(image.width * image.height, 4 * 784);
  }
}

TEST_F(ConversationLoading, EverySourceHasTheSizeItsTextsWereWrittenFor) {
  options_.turnShare = options_.resizeShare = 0.0;
  // Boxes on 84 x 84 pixels were counted on 168 x 168, so a model that sees them as they are is told half of every number.
  const ResizeLimits twice{28, 36 * 784, 36 * 784};
  const std::vector<DataSource> sources = {{"as_seen", folder_.path() / "seen.jsonl", {}, options_.places.resize},
                                           {"twice", folder_.path() / "seen.jsonl", {}, twice}};
  ConversationLoader one(sources, {"all"}, options_);
  std::map<std::string, std::map<std::size_t, geo::Point>> centres;
  for (std::int64_t i = 0; i < one.epochSize(); ++i) {
    const auto sample = one.load(i);
    if (sample->images.at(0).width != 84) continue;
    const auto said = options_.places.dialect->parse(sample->conversation.turns[1].text, {1000, 1000, 1000, 1000}, {}, true);
    ASSERT_EQ(said.boxes.size(), 1u);
    centres[sample->conversation.id][sample->choice.set] = geo::minimumAreaRectangle(said.boxes[0].quad).centre;
  }
  ASSERT_EQ(centres.size(), 4u);
  for (const auto& [id, centre] : centres) {
    EXPECT_NEAR(centre.at(1).x, centre.at(0).x / 2, 1.0) << id;
    EXPECT_NEAR(centre.at(1).y, centre.at(0).y / 2, 1.0) << id;
  }
}

TEST_F(ConversationLoading, RefusesWhatCannotBeLoaded) {
  EXPECT_THROW(loader({"nothing"}), Error);
  std::ofstream(folder_.path() / "read.jsonl") << "\n\n";
  EXPECT_THROW(loader({"read"}), Error) << "an empty set";
  options_.turnShare = 1.5;
  EXPECT_THROW(loader({"seen"}), Error);
  options_.turnShare = 0.7;
  options_.places.dialect = nullptr;
  EXPECT_THROW(loader({"seen"}), Error) << "turning beside texts of an unknown dialect";
  options_.places.dialect = &tasks::dialectNamed("rscovlm_hbb");
  options_.turnShare = 0.0;
  options_.places.resize = std::nullopt;
  EXPECT_THROW(loader({"seen"}), Error) << "random sizes without limits";
}

}  // namespace
}  // namespace orthoscribe::learn
