// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/known_absence.h"

#include <gtest/gtest.h>

namespace orthoscribe::learn {
namespace {

TEST(KnownAbsence, LabelledClassesAreNeverForeign) {
  for (std::size_t scene = 0; scene < kSceneCount; ++scene) {
    const std::string folder = folderOfScene(scene);
    const ClassSet labelled = classesLabelledIn(folder);
    const ClassSet foreign = classesForeignTo(folder);
    EXPECT_TRUE(std::ranges::count(foreign, true) > 0) << folder << " is not in the table";
    for (std::size_t index = 0; index < kObjectClassCount; ++index)
      EXPECT_FALSE(labelled[index] && foreign[index]) << folder << " " << kObjectClasses[index];
  }
}

TEST(Scenes, AreTheFoldersOfTheDataSet) {
  EXPECT_EQ(sceneOfFolder("mobilehomepark"), 13);
  EXPECT_EQ(kScenes[13], "mobile home park");
  EXPECT_EQ(sceneOfFolder("mobile home park"), std::nullopt);
  for (std::size_t scene = 0; scene < kSceneCount; ++scene) EXPECT_EQ(sceneOfFolder(folderOfScene(scene)), int(scene));
}

TEST(KnownAbsence, LeavesPossibleObjectsOpen) {
  const ClassSet foreign = classesForeignTo("harbor");
  EXPECT_FALSE(foreign[kCar]);
  EXPECT_FALSE(foreign[kShip]);
  EXPECT_TRUE(foreign[kAirplane]);
  EXPECT_TRUE(classesLabelledIn("harbor")[kShip]);
}

TEST(KnownAbsence, KnowsNothingOfAnotherFolder) {
  for (const bool foreign : classesForeignTo("moon")) EXPECT_FALSE(foreign);
}

TEST(KnownAbsence, TakesZerosOfCaptions) {
  Sample sample;
  sample.counts = {{"car", 0}, {"boat", 2}, {"tennis_court", 0}};
  sample.attributes[11] = Truth::No;  // pool
  const ClassSet denied = classesDeniedByCaption(sample);
  EXPECT_TRUE(denied[kCar]);
  EXPECT_FALSE(denied[kShip]);
  EXPECT_TRUE(denied[kTennisCourt]);
  EXPECT_TRUE(denied[kSwimmingPool]);
  EXPECT_FALSE(denied[kBuilding]);
}

}  // namespace
}  // namespace orthoscribe::learn
