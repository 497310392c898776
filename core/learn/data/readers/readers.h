// SPDX-License-Identifier: GPL-2.0-or-later
// The list of formats of data sets. Adding one: a file of its own with a function, a declaration and a line in readers.cpp.
#pragma once

#include <filesystem>
#include <memory>
#include <string_view>
#include <vector>

#include "core/learn/data/readers/source_options.h"
#include "core/learn/data/record.h"
#include "core/learn/data/skip_report.h"

namespace orthoscribe::learn {

struct Format {
  std::string_view name;     // "dota"
  std::string_view summary;  // what a source of it is
  // Whether a file or folder that exists looks like it; opens no more than its beginning.
  bool (*looksLike)(const std::filesystem::path& source);
  // Throws Error{NotFound, InvalidInput or Io} when nothing of it can be read.
  std::unique_ptr<RecordReader> (*open)(const SourceOptions& options, SkipReport& report);
};

// What a format opens with, where its reader is made of the options and the report alone.
template <typename Reader>
std::unique_ptr<RecordReader> openWith(const SourceOptions& options, SkipReport& report) {
  return std::make_unique<Reader>(options, report);
}

// Those this program was built with; the first that looks like it counts.
const std::vector<Format>& formats();

// By name; an empty name: by what the source looks like. Throws Error{NotFound} when the source does not exist,
// Error{Unsupported} when the name is not known (the nearest is told) or the source looks like nothing that is.
const Format& formatFor(std::string_view name, const std::filesystem::path& source);

// Opens a source by the same rule. report: must live as long as the reader.
std::unique_ptr<RecordReader> openSource(std::string_view format, const SourceOptions& options, SkipReport& report);

}  // namespace orthoscribe::learn
