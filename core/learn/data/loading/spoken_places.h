// SPDX-License-Identifier: GPL-2.0-or-later
// Places that a text gives by numbers, brought to a picture that was turned or is seen at another size.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/learn/data/loading/orientation.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::learn {

struct PictureMove {
  tasks::PictureFrame from;  // the picture that the text was written for
  tasks::PictureFrame to;    // the one that is shown, after turning
  Orientation orientation = {};

  geo::Quad moved(const geo::Quad& quad) const;  // pixels of the one picture -> pixels of the other
  bool isIdentity() const;
};

// The text with the numbers of every box, and of a request to see a place closer, as the dialect would write them for the picture
// that is shown; everything else stays as it is. Boxes of one name that stood in the order of their upper left corners (y, then
// x) stand so again. Nothing when numbers that look like a place could not be read by the dialect, or the rewritten text does not
// say the moved boxes.
std::optional<std::string> movePlaces(std::string_view text, const tasks::Dialect& dialect, const PictureMove& move);

}  // namespace orthoscribe::learn
