// SPDX-License-Identifier: GPL-2.0-or-later
// The statistics of a data set as one page of HTML that needs nothing beside it.
#pragma once

#include <string>

#include "core/base/cancel.h"
#include "core/learn/data/processing/data_statistics.h"
#include "core/learn/data/skip_report.h"

namespace orthoscribe::learn {

struct StatisticsPageOptions {
  std::string title;      // name of the data set
  int thumbnailPx = 320;  // longest side of a picture
  std::size_t mostPictures = 60;
};

// Classes, sizes and angles of boxes, sizes of pictures, lengths of captions, types of questions, pictures with their boxes drawn
// over them (decoded now; one that cannot be read is told to the report), and what was skipped. No scripts, nothing from outside;
// light and dark by the reader's preference.
std::string statisticsPage(const DataStatistics& statistics, const StatisticsPageOptions& options, SkipReport& report,
                           const CancelToken& cancel);

}  // namespace orthoscribe::learn
