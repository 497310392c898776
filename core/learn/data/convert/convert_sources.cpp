// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/convert/convert_sources.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <memory>
#include <numeric>
#include <utility>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/data/convert/set_classes.h"
#include "core/learn/data/readers/readers.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

std::string seenFrom(const fs::path& folder, const std::string& picture) {
  return fs::absolute(picture).lexically_normal().lexically_proximate(folder).generic_string();
}

std::string namesOf(std::span<const SourceOptions> sources) {
  std::string names;
  for (const SourceOptions& source : sources) names += (names.empty() ? "" : ", ") + source.source.string();
  return names;
}

class Run {
 public:
  Run(const Converter& converter, const fs::path& out, std::ostream& stream, SkipReport& report, const ProgressCallback& progress,
      const CancelToken& cancel)
      : converter_(converter),
        folder_(fs::absolute(out).lexically_normal().parent_path()),
        stream_(stream),
        report_(report),
        progress_(progress),
        cancel_(cancel) {}

  void add(const SourceOptions& source, std::string_view format) {
    const std::unique_ptr<RecordReader> reader = openSource(format, source, report_);
    std::int64_t done = 0;
    while (const std::optional<Record> record = reader->next()) {
      cancel_.throwIfCancelled();
      for (Conversation& conversation : converter_.convert(*record)) write(conversation);
      ++counts_.records;
      if (progress_) progress_({++done, reader->size(), "records", source.source.string()});
    }
  }

  const ConversionCounts& counts() const { return counts_; }

 private:
  void write(Conversation& conversation) {
    for (std::string& picture : conversation.images) picture = seenFrom(folder_, picture);
    writeConversation(stream_, conversation);
    if (!stream_) throw Error(ErrorCode::Io, std::string("cannot write the conversations: ") + std::strerror(errno));
    ++counts_.conversations[conversation.task];
  }

  const Converter& converter_;
  fs::path folder_;
  std::ostream& stream_;
  SkipReport& report_;
  const ProgressCallback& progress_;
  const CancelToken& cancel_;
  ConversionCounts counts_;
};

void complete(ConversionOptions& options, std::span<const SourceOptions> sources, std::string_view format,
              const CancelToken& cancel) {
  if (!options.objectClasses.empty() || !options.sceneClasses.empty()) return;
  SetClasses classes = classesOf(sources, format, cancel);
  options.objectClasses = std::move(classes.objects);
  options.sceneClasses = std::move(classes.scenes);
}

}  // namespace

std::int64_t ConversionCounts::total() const {
  return std::accumulate(conversations.begin(), conversations.end(), std::int64_t{0},
                         [](std::int64_t sum, const auto& task) { return sum + task.second; });
}

ConversionCounts convertSources(std::span<const SourceOptions> sources, std::string_view format, ConversionOptions options,
                                const fs::path& out, SkipReport& report, const ProgressCallback& progress,
                                const CancelToken& cancel) {
  // Before anything is read: a dialect that is not known.
  tasks::dialectNamed(options.dialect);
  complete(options, sources, format, cancel);
  const Converter converter(std::move(options));
  ConversionCounts counts;
  writeThenRename(out, [&](const fs::path& temporary) {
    std::ofstream stream(temporary, std::ios::binary);
    if (!stream) throw Error(ErrorCode::Io, "cannot write " + out.string() + ": " + std::strerror(errno));
    Run run(converter, out, stream, report, progress, cancel);
    for (const SourceOptions& source : sources) run.add(source, format);
    stream.close();
    if (!stream) throw Error(ErrorCode::Io, "cannot write " + out.string() + ": " + std::strerror(errno));
    counts = run.counts();
    if (counts.total() == 0) {
      const std::string summary = report.summary();
      throw Error(ErrorCode::InvalidInput,
                  namesOf(sources) + ": nothing to learn from" +
                      (summary.empty() ? std::string(": the data set is empty") : " (" + summary + ")"),
                  "Look at it with 'orthoscribe data check'.");
    }
  });
  return counts;
}

}  // namespace orthoscribe::learn
