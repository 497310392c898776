// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/survey.h"

#include <algorithm>
#include <string>

#include "core/base/error.h"
#include "core/base/image_codec.h"
#include "core/learn/data/captions.h"
#include "core/learn/data/known_absence.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

constexpr double kKitGroundResolutionM = 0.15;
constexpr double kModelGroundResolutionM = 0.3;

std::vector<fs::path> sortedEntries(const fs::path& folder, bool directories) {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.is_directory() == directories) paths.push_back(entry.path());
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::vector<std::string> sceneNames(const fs::path& data) {
  const fs::path scenes = data / "scenes" / "ucmerced";
  if (!fs::is_directory(scenes)) {
    throw Error(ErrorCode::NotFound, scenes.string() + ": no such folder",
                "Give the folder that holds scenes/, objects/ and captions/ with --data.");
  }
  std::vector<std::string> names;
  for (const fs::path& folder : sortedEntries(scenes, true)) {
    for (const fs::path& file : sortedEntries(folder, false)) {
      if (file.extension() == ".jpg" || file.extension() == ".png") names.push_back(fs::relative(file, data).generic_string());
    }
  }
  return names;
}

void addBoxes(Sample& sample, const fs::path& labels, const std::string& sceneFolder) {
  if (!fs::exists(labels)) return;
  sample.boxes = readBoxLabels(labels);
  const ClassSet labelled = classesLabelledIn(sceneFolder);
  for (std::size_t index = 0; index < kObjectClassCount; ++index) sample.boxesKnown[index] |= labelled[index];
  for (const LabelledBox& box : sample.boxes) sample.boxesKnown[static_cast<std::size_t>(box.objectClass)] = true;
}

Sample readScene(const fs::path& data, const std::string& name, const std::map<std::string, Caption>& captions) {
  Sample sample;
  sample.name = name;
  sample.image = readImageFile(data / name);
  const std::string folder = fs::path(name).parent_path().filename().string();
  sample.scene = sceneOfFolder(folder);
  if (const auto found = captions.find(name); found != captions.end()) {
    sample.caption = found->second.caption;
    sample.detail = found->second.detail;
    sample.attributes = found->second.attributes;
    sample.counts = found->second.counts;
  }
  const ClassSet foreign = classesForeignTo(folder);
  const ClassSet denied = classesDeniedByCaption(sample);
  for (std::size_t index = 0; index < kObjectClassCount; ++index) sample.boxesKnown[index] = foreign[index] || denied[index];
  addBoxes(sample, data / "objects" / "ucmerced_obb" / "labels" / (fs::path(name).stem().string() + ".txt"), folder);
  return sample;
}

void appendVehicles(const fs::path& folder, std::vector<Sample>& samples) {
  if (!fs::is_directory(folder / "images")) return;
  for (const fs::path& file : sortedEntries(folder / "images", false)) {
    Sample sample;
    sample.name = "objects/kit_ais_munich/images/" + file.filename().string();
    sample.image = readImageFile(file);
    sample.nativeScale = kKitGroundResolutionM / kModelGroundResolutionM;
    sample.boxes = readBoxLabels(folder / "labels" / (file.stem().string() + ".txt"));
    sample.shapesKnown = false;
    for (const int absent : {kAirplane, kShip, kStorageTank, kTennisCourt, kBaseballDiamond, kSwimmingPool})
      sample.boxesKnown[static_cast<std::size_t>(absent)] = true;
    sample.boxesKnown[kCar] = true;
    samples.push_back(std::move(sample));
  }
}

}  // namespace

Survey surveyData(const fs::path& folder, const SurveyOptions& options, const CancelToken& cancel) {
  const std::vector<std::string> names = sceneNames(folder);
  const auto captions = readCaptions(folder / "captions");
  Survey survey;
  survey.split = options.split ? *options.split : splitByRuns(names);
  for (const std::string& name : names) {
    cancel.throwIfCancelled();
    const Part part = survey.split.partOf(name);
    if (part == Part::Train && options.train) survey.train.push_back(readScene(folder, name, captions));
    if (part == Part::HeldOut && options.heldOut) survey.heldOut.push_back(readScene(folder, name, captions));
  }
  if (options.train) appendVehicles(folder / "objects" / "kit_ais_munich", survey.train);
  return survey;
}

}  // namespace orthoscribe::learn
