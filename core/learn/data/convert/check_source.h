// SPDX-License-Identifier: GPL-2.0-or-later
// Reads a data set from end to end and counts what it holds.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/learn/data/readers/source_options.h"
#include "core/learn/data/skip_report.h"

namespace orthoscribe::learn {

struct SourceCounts {
  std::string format;
  std::int64_t records = 0;
  std::int64_t pictures = 0;                      // different ones
  std::map<std::string, std::int64_t> objects;    // by class
  std::int64_t difficult = 0;                     // of the objects
  std::map<std::string, std::int64_t> scenes;     // records by class
  std::map<std::string, std::int64_t> questions;  // by type
  std::int64_t captions = 0;
  std::int64_t phrases = 0;
  std::int64_t conversations = 0;  // ready ones
};

// Every picture is decoded. report: told of bad records. Throws as openSource and its readers, Error{InvalidInput} when there is
// not one record, good or bad, Error{Cancelled}.
SourceCounts checkSource(const SourceOptions& source, std::string_view format, SkipReport& report,
                         const ProgressCallback& progress, const CancelToken& cancel);

}  // namespace orthoscribe::learn
