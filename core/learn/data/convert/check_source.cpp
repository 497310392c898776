// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/convert/check_source.h"

#include <memory>
#include <set>

#include "core/base/error.h"
#include "core/learn/data/picture_file.h"
#include "core/learn/data/readers/readers.h"

namespace orthoscribe::learn {
namespace {

void count(const Record& record, SourceCounts& counts) {
  ++counts.records;
  for (const LabelledShape& shape : record.objects) {
    ++counts.objects[shape.label];
    counts.difficult += shape.difficult ? 1 : 0;
  }
  if (!record.sceneClass.empty()) ++counts.scenes[record.sceneClass];
  for (const RecordQuestion& question : record.questions) ++counts.questions[question.type];
  counts.captions += std::int64_t(record.captions.size());
  counts.phrases += std::int64_t(record.phrases.size());
  counts.conversations += record.turns.empty() ? 0 : 1;
}

void readPicture(const std::filesystem::path& picture, const std::string& where, SkipReport& report) {
  try {
    readWholePicture(picture);
  } catch (const Error& error) {
    report.skip({BadKind::UnreadableImage, where, error.message()});
  }
}

}  // namespace

SourceCounts checkSource(const SourceOptions& source, std::string_view format, SkipReport& report,
                         const ProgressCallback& progress, const CancelToken& cancel) {
  SourceCounts counts;
  counts.format = formatFor(format, source.source).name;
  const std::unique_ptr<RecordReader> reader = openSource(format, source, report);
  std::set<std::filesystem::path> read;
  while (const std::optional<Record> record = reader->next()) {
    cancel.throwIfCancelled();
    count(*record, counts);
    if (!record->image.empty() && read.insert(record->image).second) readPicture(record->image, record->where, report);
    for (const auto& further : record->further) {
      if (read.insert(further).second) readPicture(further, record->where, report);
    }
    if (progress) progress({counts.records, reader->size(), "records", source.source.string()});
  }
  counts.pictures = std::int64_t(read.size());
  if (counts.records == 0 && report.skippedCount() == 0)
    throw Error(ErrorCode::InvalidInput, source.source.string() + ": the data set is empty, read as " + counts.format,
                "Is it another format? Name it with --format.");
  return counts;
}

}  // namespace orthoscribe::learn
