// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe data zoom: conversations in which the model asks to see a part of a large picture closer.
#include <cstdio>
#include <fstream>
#include <memory>
#include <string>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/make_folders.h"
#include "core/cli/command.h"
#include "core/cli/data/source_arguments.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/learn/data/processing/open_picture.h"
#include "core/learn/data/readers/readers.h"
#include "core/learn/data/zoom_maker.h"

namespace orthoscribe::cli {
namespace {

struct Options {
  SourceArguments sources;
  std::filesystem::path out;
  std::string dialect = "rscovlm_polygon";
  learn::ZoomMakerOptions zoom;
  std::string skipLimit = "1%";
};

// Conversations of one source are written to `lines`; returns how many.
int makeOf(const learn::SourceOptions& source, const Options& options, std::ofstream& lines, learn::SkipReport& report,
           TerminalProgress& progress, const CancelToken& cancel) {
  const tasks::Dialect& dialect = tasks::dialectNamed(options.dialect);
  const auto reader = learn::openSource(options.sources.format, source, report);
  int made = 0;
  Progress state{0, reader->size(), "pictures", {}};
  while (const auto record = reader->next()) {
    if (record->image.empty() || record->objects.empty()) continue;
    try {
      const auto picture = learn::openPicture(record->image);
      made += learn::makeZoomConversations(
          *record, *picture, dialect, options.zoom, options.out,
          [&](const learn::Conversation& one) { learn::writeConversation(lines, one); }, cancel);
    } catch (const Error& error) {
      if (error.code() == ErrorCode::Cancelled || error.code() == ErrorCode::Unsupported) throw;
      report.skip({learn::BadKind::UnreadableImage, record->where, error.message()});
      continue;
    }
    ++state.done;
    progress.show(state);
  }
  return made;
}

int zoom(const Options& options) {
  const CancelToken cancel = interruptToken();
  learn::SkipReport report(skipLimitOf(options.skipLimit));
  const std::filesystem::path file = options.out / "zoom.jsonl";
  makeFolders(options.out);
  int made = 0;
  writeThenRename(file, [&](const std::filesystem::path& temporary) {
    TerminalProgress progress("Looking closer");
    std::ofstream lines(temporary, std::ios::binary);
    for (const learn::SourceOptions& source : sourcesOf(options.sources))
      made += makeOf(source, options, lines, report, progress, cancel);
    lines.flush();
    if (!lines) throw Error(ErrorCode::Io, file.string() + " cannot be written", "Is the disk full?");
  });
  tellSkipped(report, 20);
  std::printf("%d conversations are in %s\n", made, file.c_str());
  return kDone;
}

}  // namespace

Run declareDataZoom(CLI::App& app) {
  auto options = std::make_shared<Options>();
  declareSources(app, options->sources);
  app.add_option("--out", options->out, "Folder for zoom.jsonl and images/")->required();
  app.add_option("--dialect", options->dialect, "In whose words a part is asked for")->capture_default_str();
  app.add_option("--questions", options->zoom.questions.mostQuestions, "Questions about a picture at most")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--margin", options->zoom.questions.marginPx, "Pixels around the object that is looked at")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--margin-resolution", options->zoom.marginResolutionM,
                 "Metres a pixel that the margin is meant for; otherwise the raster's own pixels")
      ->check(CLI::PositiveNumber);
  app.add_option("--seed", options->zoom.questions.seed, "Of the choice of questions")->capture_default_str();
  app.add_option("--skip-limit", options->skipLimit, "Bad records to pass over at most: a number, or a share like 2%")
      ->capture_default_str();
  app.footer("Pictures that the model sees at full resolution anyway give only questions about the whole.");
  return [options] { return zoom(*options); };
}

}  // namespace orthoscribe::cli
