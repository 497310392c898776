// SPDX-License-Identifier: GPL-2.0-or-later
// Samples by their number, ready to be made tokens of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/base/rgb_image.h"
#include "core/learn/data/conversation.h"
#include "core/learn/data/loading/orientation.h"
#include "core/learn/data/loading/sample_order.h"

namespace orthoscribe::learn {

struct LoadedSample {
  std::int64_t number = 0;
  SampleChoice choice = {};
  std::string where;  // "file:line"
  Conversation conversation;
  std::vector<RgbImage> images;  // as many as the conversation names
  Orientation orientation = {};  // what was done to them
};

class SampleSource {
 public:
  virtual ~SampleSource() = default;
  virtual std::int64_t epochSize() const = 0;
  // number: counts on through the epochs. The same for the same number, whatever came before. Nothing for a bad sample, which was
  // told of. Throws Error{InvalidInput} when too many are bad. Not from several threads at once.
  virtual std::optional<LoadedSample> load(std::int64_t number) = 0;
};

}  // namespace orthoscribe::learn
