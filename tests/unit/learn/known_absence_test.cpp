// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/known_absence.h"

#include <gtest/gtest.h>

namespace orthoscribe::learn {
namespace {

TEST(KnownAbsence, LabelledClassesAreNeverForeign) {
  for (const SceneName& scene : kScenes) {
    const ClassSet labelled = classesLabelledIn(scene.folder);
    const ClassSet foreign = classesForeignTo(scene.folder);
    for (std::size_t index = 0; index < kObjectClassCount; ++index)
      EXPECT_FALSE(labelled[index] && foreign[index]) << scene.folder << " " << kObjectClasses[index];
  }
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
