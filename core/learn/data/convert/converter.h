// SPDX-License-Identifier: GPL-2.0-or-later
// Records as conversations in the words and boxes of one dialect.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/smart_resize.h"
#include "core/learn/data/conversation.h"
#include "core/learn/data/record.h"
#include "core/tasks/dialect.h"
#include "core/tasks/task_prompts.h"

namespace orthoscribe::learn {

// What the numbers in ready conversations count.
enum class SpokenUnit { AsWritten, Percent };

struct ConversionOptions {
  std::string dialect;
  // For dialects that count pixels of the resized picture: how it is resized. Absent: as the dialect's published models do.
  std::optional<ResizeLimits> pixels = {};
  std::vector<std::string> objectClasses = {};      // of the whole set, for prompts that list them
  std::vector<std::string> sceneClasses = {};       // the same for scenes
  int absentClasses = 1;                            // asked for in vain a picture, where one class is asked for at a time
  std::optional<tasks::BoxShape> groundShape = {};  // absent: upright for upright boxes, else the dialect's usual one
  bool everyCaption = true;                         // a conversation for each; otherwise for the first
  std::string questionSuffix = {};                  // behind every question about a picture
  SpokenUnit spokenUnit = SpokenUnit::AsWritten;    // of ready conversations
};

// Sides are resized to multiples of 28 and otherwise stay.
inline constexpr ResizeLimits kOwnSize = {.factor = 28, .minPixels = 1, .maxPixels = std::int64_t{1} << 40};

// "own", or "MIN,MAX" pixels after resizing to multiples of 28. Nothing when the text is neither.
std::optional<ResizeLimits> writtenLimitsIn(std::string_view text);

// What the makers of conversations share.
struct ConversionContext {
  const tasks::Dialect& dialect;
  const ConversionOptions& options;
  tasks::PictureFrame frame;  // of the record's picture
};

class Converter {
 public:
  // Throws Error{Unsupported} when the dialect is not known.
  explicit Converter(ConversionOptions options);

  // One conversation for each thing that the record teaches; none when it teaches nothing. Images are the record's paths as they
  // are. Throws Error{Unsupported} naming the task when the dialect's family was not made for it.
  std::vector<Conversation> convert(const Record& record) const;

  // Size at which boxes on a picture are written.
  tasks::PictureFrame frameOf(int widthPx, int heightPx) const;
  const ConversionOptions& options() const { return options_; }

 private:
  ConversionOptions options_;
  const tasks::Dialect& dialect_;
};

}  // namespace orthoscribe::learn
