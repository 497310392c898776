// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/readers/video_frames.h"

#include <cstddef>
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/error.h"
#include "core/learn/data/conversation.h"
#include "core/learn/data/json_fields.h"

namespace orthoscribe::learn {
namespace {

using nlohmann::json;
using Video = std::vector<std::string>;

constexpr std::string_view kVideoMarker = "<video>";

std::vector<Video> videosOf(const json& value) {
  if (!value.is_array() || value.empty()) throw Error(ErrorCode::InvalidInput, "\"video\" is not a list of pictures");
  std::vector<Video> videos;
  for (const json& item : value.front().is_array() ? value : json::array({value})) {
    Video frames;
    for (const json& frame : item) {
      if (!frame.is_string()) throw Error(ErrorCode::InvalidInput, "\"video\" holds something that is not the name of a picture");
      frames.push_back(frame.get<std::string>());
    }
    videos.push_back(std::move(frames));
  }
  return videos;
}

// Takes pictures and videos in the order of their markers.
class Markers {
 public:
  Markers(std::vector<std::string> images, std::vector<Video> videos) : images_(std::move(images)), videos_(std::move(videos)) {}

  std::string replacedIn(std::string text) {
    for (std::size_t at = text.find('<'); at != std::string::npos; at = text.find('<', at + 1)) {
      if (text.compare(at, kImageMarker.size(), kImageMarker) == 0) {
        if (image_ == images_.size()) throw Error(ErrorCode::InvalidInput, "there are more markers <image> than pictures");
        taken_.push_back(images_[image_++]);
      } else if (text.compare(at, kVideoMarker.size(), kVideoMarker) == 0) {
        if (video_ == videos_.size()) throw Error(ErrorCode::InvalidInput, "there are more markers <video> than videos");
        const Video& frames = videos_[video_++];
        std::string markers;
        for (const std::string& frame : frames) {
          taken_.push_back(frame);
          markers += kImageMarker;
        }
        text.replace(at, kVideoMarker.size(), markers);
        at += markers.size();
        if (at > 0) --at;
      }
    }
    return text;
  }

  std::vector<std::string> pictures() const {
    if (image_ != images_.size() || video_ != videos_.size())
      throw Error(ErrorCode::InvalidInput, "there are more pictures and videos than markers for them");
    return taken_;
  }

 private:
  std::vector<std::string> images_;
  std::vector<Video> videos_;
  std::size_t image_ = 0;
  std::size_t video_ = 0;
  std::vector<std::string> taken_;
};

}  // namespace

void takeFramesAsPictures(json& sample) {
  const json* video = member(sample, "video");
  json* turns = sample.is_object() && sample.contains("conversations") ? &sample["conversations"] : nullptr;
  if (video == nullptr || turns == nullptr || !turns->is_array()) return;
  Markers markers(textsAt(sample, "image"), videosOf(*video));
  for (json& turn : *turns) {
    if (turn.is_object() && turn.contains("value") && turn["value"].is_string())
      turn["value"] = markers.replacedIn(turn["value"].get<std::string>());
  }
  sample["image"] = markers.pictures();
  sample.erase("video");
}

}  // namespace orthoscribe::learn
