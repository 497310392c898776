// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/source_split.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

std::string randomName(std::mt19937& random) {
  std::string name = "scene ";
  for (int i = 0; i < 8; ++i) name += static_cast<char>('a' + random() % 26);
  return name;
}

std::map<std::string, SourceContents> randomSources(std::mt19937& random, int count) {
  std::map<std::string, SourceContents> sources;
  const char* classes[] = {"ship", "car", "plane", "tank", "court"};
  for (int i = 0; i < count; ++i) {
    const std::string name = randomName(random);
    SourceContents& contents = sources[name];
    contents.images = {name + "__512__0___0.jpg", name + "__512__384___0.jpg"};
    contents.counts[""] = 2;
    // Some classes are everywhere, some rare.
    for (unsigned one = 0; one < 5; ++one) {
      if (random() % (one * 3 + 2) == 0) contents.counts[classes[one]] = static_cast<std::int64_t>(1 + random() % 9);
    }
  }
  return sources;
}

TEST(SourceSplit, NoSourceNorGroupOfLookAlikesIsOnTwoSides) {
  std::mt19937 random(8);
  for (int round = 0; round < 20; ++round) {
    auto sources = randomSources(random, 60);
    std::vector<std::string> names;
    for (const auto& [name, contents] : sources) names.push_back(name);
    std::vector<std::vector<std::string>> alike;
    for (int group = 0; group < 6; ++group)
      alike.push_back({names[random() % names.size()] + "__512__0___0.jpg", names[random() % names.size()] + "__512__384___0.jpg",
                       "unknown.jpg"});
    // Two sources that share a picture.
    sources[names[0]].images.push_back("shared.jpg");
    sources[names[1]].images.push_back("shared.jpg");
    const SourceSplit split = splitBySource(sources, alike, {{"train", 0.7}, {"val", 0.1}, {"test", 0.2}}, 3);
    EXPECT_EQ(split.sideOf.size(), sources.size());
    EXPECT_EQ(split.sideOf.at(names[0]), split.sideOf.at(names[1]));
    for (const auto& group : alike) {
      const auto sourceOfTile = [](const std::string& image) { return image.substr(0, image.find("__")); };
      EXPECT_EQ(split.sideOf.at(sourceOfTile(group[0])), split.sideOf.at(sourceOfTile(group[1])));
    }
  }
}

TEST(SourceSplit, ClassesAreDividedAboutAsAsked) {
  std::mt19937 random(9);
  const auto sources = randomSources(random, 400);
  const SourceSplit split = splitBySource(sources, {}, {{"train", 8}, {"test", 2}}, 3);
  std::map<std::string, std::array<double, 2>> counts;
  for (const auto& [name, contents] : sources) {
    for (const auto& [held, count] : contents.counts) counts[held][split.sideOf.at(name)] += double(count);
  }
  for (const auto& [name, sides] : counts) EXPECT_NEAR(sides[1] / (sides[0] + sides[1]), 0.2, 0.02) << "class \"" << name << "\"";
}

TEST(SourceSplit, IsTheSameForTheSameNamesAndSeed) {
  std::mt19937 random(10);
  const auto sources = randomSources(random, 50);
  const std::vector<SplitSide> sides = {{"train", 0.5}, {"test", 0.5}};
  EXPECT_EQ(splitBySource(sources, {}, sides, 1).sideOf, splitBySource(sources, {}, sides, 1).sideOf);
  EXPECT_NE(splitBySource(sources, {}, sides, 1).sideOf, splitBySource(sources, {}, sides, 2).sideOf);
}

TEST(SourceSplit, RefusesWhatCannotBeDivided) {
  std::mt19937 random(11);
  const auto one = randomSources(random, 1);
  EXPECT_THROW(splitBySource(one, {}, {{"train", 0.5}, {"test", 0.5}}, 1), Error);
  const auto many = randomSources(random, 9);
  EXPECT_THROW(splitBySource(many, {}, {{"train", 0.5}}, 1), Error);
  EXPECT_THROW(splitBySource(many, {}, {{"train", 0.5}, {"train", 0.5}}, 1), Error);
  for (const char* text : {"train", "=0.5", "train=", "train=x", "train=0", "train=-1", "train=0.5x"})
    EXPECT_THROW(parseSplitSide(text), Error) << text;
  EXPECT_EQ(parseSplitSide("val=0.1").name, "val");
}

}  // namespace
}  // namespace orthoscribe::learn
