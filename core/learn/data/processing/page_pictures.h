// SPDX-License-Identifier: GPL-2.0-or-later
// Pictures of a data set with their boxes, inside a page of HTML.
#pragma once

#include <string>

#include "core/base/cancel.h"
#include "core/learn/data/processing/data_statistics.h"
#include "core/learn/data/skip_report.h"

namespace orthoscribe::learn {

struct PagePictureOptions {
  int longestSidePx = 320;
  std::size_t most = 60;
};

// The specimens as figures: the picture as JPEG in the page, boxes as polygons over it, their classes and the text below. One of
// each kind before a second of any. Pictures that cannot be read are told to the report. Empty when there are none.
std::string picturesOf(const DataStatistics& statistics, const PagePictureOptions& options, SkipReport& report,
                       const CancelToken& cancel);

}  // namespace orthoscribe::learn
