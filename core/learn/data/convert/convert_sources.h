// SPDX-License-Identifier: GPL-2.0-or-later
// Data sets in, one file of conversations out.
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>

#include "core/base/cancel.h"
#include "core/base/progress.h"
#include "core/learn/data/convert/converter.h"
#include "core/learn/data/readers/source_options.h"
#include "core/learn/data/skip_report.h"

namespace orthoscribe::learn {

struct ConversionCounts {
  std::int64_t records = 0;
  std::map<std::string, std::int64_t> conversations;  // by task
  std::int64_t total() const;
};

// Pictures are named relative to the folder of `out`. An empty list of classes in the options is filled by classesOf. Nothing is
// written unless all of it could be. format: empty for what each source looks like. report: told of bad records; its limit ends
// the work. Throws as openSource and Converter; Error{InvalidInput} when the sources hold nothing to learn from, Error{Io} when
// writing fails, Error{Cancelled}.
ConversionCounts convertSources(std::span<const SourceOptions> sources, std::string_view format, ConversionOptions options,
                                const std::filesystem::path& out, SkipReport& report, const ProgressCallback& progress,
                                const CancelToken& cancel);

}  // namespace orthoscribe::learn
