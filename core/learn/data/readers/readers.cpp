// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/readers/readers.h"

#include <string>

#include "core/base/error.h"
#include "core/base/nearest_name.h"
#include "core/learn/data/readers/formats.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {
namespace {

std::vector<std::string> knownNames() {
  std::vector<std::string> names;
  for (const Format& format : formats()) names.emplace_back(format.name);
  return names;
}

}  // namespace

const std::vector<Format>& formats() {
  static const std::vector<Format> list = {
      conversationsFormat(), refgeoFormat(),       captionsFormat(), questionsFormat(),
      rsvqaFormat(),         cocoFormat(),         yoloObbFormat(),
#ifdef ORTHOSCRIBE_WITH_GEO
      vocFormat(),           vectorFormat(),
#endif
      dotaFormat(),          classFoldersFormat(),
  };
  return list;
}

const Format& formatFor(std::string_view name, const std::filesystem::path& source) {
  const std::vector<std::string> known = knownNames();
  if (!name.empty()) {
    for (const Format& format : formats()) {
      if (format.name == name) return format;
    }
    throw Error(ErrorCode::Unsupported, "the format '" + std::string(name) + "' is not known",
                "Did you mean '" + nearestName(name, known) + "'? Known are " + tasks::joined(known, ", ") + ".");
  }
  if (!std::filesystem::exists(source)) throw Error(ErrorCode::NotFound, source.string() + " does not exist");
  for (const Format& format : formats()) {
    if (format.looksLike(source)) return format;
  }
  throw Error(ErrorCode::Unsupported, source.string() + " looks like no format that is known",
              "Name it with --format: " + tasks::joined(known, ", ") + ".");
}

std::unique_ptr<RecordReader> openSource(std::string_view format, const SourceOptions& options, SkipReport& report) {
  const Format& found = formatFor(format, options.source);
  if (!std::filesystem::exists(options.source)) throw Error(ErrorCode::NotFound, options.source.string() + " does not exist");
  return found.open(options, report);
}

}  // namespace orthoscribe::learn
