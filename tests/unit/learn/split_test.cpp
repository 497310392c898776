// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/split.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

#include "core/base/error.h"
#include "core/base/files.h"

namespace orthoscribe::learn {
namespace {

std::string nameOf(const std::string& folder, int number) {
  char digits[8];
  std::snprintf(digits, sizeof digits, "%02d", number);
  return "scenes/ucmerced/" + folder + "/" + folder + digits + ".jpg";
}

std::vector<std::string> namesOf(const std::vector<std::string>& folders) {
  std::vector<std::string> names;
  for (const std::string& folder : folders) {
    for (int number = 0; number < 89; ++number) names.push_back(nameOf(folder, number));
  }
  return names;
}

TEST(Split, HoldsOutOneRunWithAGuardOnEachSide) {
  for (const std::string folder : {"airplane", "river", "harbor"}) {
    const auto names = namesOf({folder});
    const Split split = splitByRuns(names);
    EXPECT_EQ(split.heldOut.size(), 11U);
    EXPECT_EQ(split.guard.size(), 2U);
    int changes = 0;
    for (std::size_t index = 1; index < names.size(); ++index)
      changes += split.partOf(names[index]) != split.partOf(names[index - 1]) ? 1 : 0;
    EXPECT_EQ(changes, 4) << folder;
    for (std::size_t index = 1; index < names.size(); ++index) {
      const bool touching = split.partOf(names[index]) == Part::HeldOut && split.partOf(names[index - 1]) == Part::Train;
      EXPECT_FALSE(touching) << names[index];
    }
  }
}

TEST(Split, DependsOnNothingButTheNames) {
  auto names = namesOf({"airplane", "beach"});
  const Split first = splitByRuns(names);
  std::reverse(names.begin(), names.end());
  EXPECT_EQ(first.heldOut, splitByRuns(names).heldOut);
  EXPECT_EQ(splitByRuns(namesOf({"beach"})).heldOut.size(), 11U);
}

TEST(Split, IsWrittenAndReadBack) {
  const TemporaryDirectory folder;
  const Split split = splitByRuns(namesOf({"airplane", "beach"}));
  writeSplit(split, folder.path() / "split.json");
  const Split read = readSplit(folder.path() / "split.json");
  EXPECT_EQ(read.heldOut, split.heldOut);
  EXPECT_EQ(read.guard, split.guard);
}

TEST(Split, NamesTheFieldThatIsMissing) {
  const TemporaryDirectory folder;
  writeTextFile(folder.path() / "split.json", "{\"heldOut\": []}");
  try {
    readSplit(folder.path() / "split.json");
    FAIL();
  } catch (const Error& error) {
    EXPECT_NE(error.message().find("guard"), std::string::npos) << error.message();
  }
  writeTextFile(folder.path() / "split.json", "nonsense");
  EXPECT_THROW(readSplit(folder.path() / "split.json"), Error);
}

}  // namespace
}  // namespace orthoscribe::learn
