// SPDX-License-Identifier: GPL-2.0-or-later
// The words of a conversation in which the model asks for a part of the picture and is shown it (reference/rscovlm.md 4.2).
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::tasks {

// Bounds in pixels of the picture that was sent, y down; left < right, top < bottom.
struct PicturePlace {
  double left = 0;
  double top = 0;
  double right = 0;
  double bottom = 0;
};

struct ZoomRequest {
  bool made = false;                  // the answer asks for a place rather than to answer the question
  std::optional<PicturePlace> place;  // nothing: it cannot be read, or lies outside the picture
};

class ZoomTalk {
 public:
  virtual ~ZoomTalk() = default;

  virtual std::vector<Message> open(const std::string& question, RgbImage overview) const = 0;
  // frame: of the overview, by which every place is meant. Never throws on any text.
  virtual ZoomRequest read(std::string_view answer, const PictureFrame& frame) const = 0;
  // What a model answers that wants to see the place: the inverse of read, for training. Numbers are cut to whole ones.
  virtual std::string call(const PicturePlace& place, const PictureFrame& frame) const = 0;
  // The user's turn after a place was read.
  virtual Message show(RgbImage part) const = 0;
  // The user's turn after a place that could not be read.
  virtual Message askAgain(const PictureFrame& frame) const = 0;
  // The user's turn when the model has looked at enough places.
  virtual Message askToAnswer() const = 0;
};

// The function call that RSCoVLM was trained on: image_zoom_in with "bbox" in absolute pixels of the resized picture.
const ZoomTalk& zoomByPixels();
// The same for models that count 0..1000 across the picture (Qwen3-VL).
const ZoomTalk& zoomByThousandths();

}  // namespace orthoscribe::tasks
