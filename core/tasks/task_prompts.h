// SPDX-License-Identifier: GPL-2.0-or-later
// How a family is asked to classify, to find what a phrase means, to compare two dates and to zoom in. What it was not trained
// for it does not offer.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "core/tasks/dialect.h"
#include "core/tasks/zoom_talk.h"

namespace orthoscribe::tasks {

enum class BoxShape { Upright, Turned };

std::string_view nameOf(BoxShape shape);

class TaskPrompts {
 public:
  virtual ~TaskPrompts() = default;

  // Names of the lists of scene_classes.h that the family was trained or measured on, the usual one first. Empty: it does not
  // classify.
  virtual std::vector<std::string_view> classLists() const { return {}; }
  // Only for families that classify.
  virtual std::vector<Message> classifyMessages(const std::vector<std::string>& classes, RgbImage picture) const;

  // Shapes of the boxes that it draws around what a phrase means, the usual one first. Empty: it does not do that.
  virtual std::vector<BoxShape> groundShapes() const { return {}; }
  // Only for these shapes.
  virtual std::vector<Message> groundMessages(const std::string& phrase, BoxShape shape, RgbImage picture) const;
  // The boxes of such an answer; by the dialect's grammar unless the family has another for the shape. Never throws on any text.
  virtual ParsedAnswer parseGround(std::string_view text, const Dialect& dialect, const PictureFrame& frame,
                                   const std::string& phrase, BoxShape shape) const;

  // The answer that training gives to groundMessages; the inverse of parseGround up to its rounding.
  virtual std::string formatGround(const Dialect& dialect, const std::string& phrase, const geo::Quad& quad, BoxShape shape,
                                   const PictureFrame& frame) const;

  // Whether it takes the pictures of two dates at once.
  virtual bool comparesDates() const { return false; }
  // Only for families that do. An empty question asks in the family's own words what has changed.
  virtual std::vector<Message> changeMessages(const std::string& question, RgbImage before, RgbImage after) const;

  // Null: it cannot ask for a part of the picture.
  virtual const ZoomTalk* zoomTalk() const { return nullptr; }
};

// Throws Error{Unsupported} unless `has` holds for the dialect's family: says what it cannot do ("classify pictures") and names
// the dialects that can.
void requireTask(const Dialect& dialect, std::string_view task, const std::function<bool(const TaskPrompts&)>& has);

}  // namespace orthoscribe::tasks
