// SPDX-License-Identifier: GPL-2.0-or-later
// orthoscribe data tile: cuts labelled pictures into tiles with the boxes that lie in them.
#include <cstdio>
#include <memory>
#include <string>

#include "core/cli/command.h"
#include "core/cli/data/source_arguments.h"
#include "core/cli/interrupt.h"
#include "core/cli/terminal_progress.h"
#include "core/learn/data/processing/tile_set.h"
#include "core/learn/data/readers/readers.h"

namespace orthoscribe::cli {
namespace {

struct Options {
  SourceArguments sources;
  std::filesystem::path out;
  learn::TileSetOptions tiles;
  double leastPercent = 70.0;
  std::string cutBoxes = "difficult";
  bool dropEmpty = false;
  std::string skipLimit = "1%";
};

int tile(Options& options) {
  options.tiles.tiles.keepShare = options.leastPercent / 100.0;
  options.tiles.tiles.rest = options.cutBoxes == "drop" ? learn::CutBoxes::Drop : learn::CutBoxes::MarkDifficult;
  options.tiles.tiles.keepEmpty = !options.dropEmpty;
  const CancelToken cancel = interruptToken();
  learn::SkipReport report(skipLimitOf(options.skipLimit));
  learn::TileSetWriter writer(options.out, options.tiles);
  {
    TerminalProgress progress("Cutting");
    for (const learn::SourceOptions& source : sourcesOf(options.sources)) {
      const auto reader = learn::openSource(options.sources.format, source, report);
      writer.add(*reader, report, [&](const Progress& state) { progress.show(state); }, cancel);
    }
  }
  tellSkipped(report, 20);
  const learn::TileSetSummary& summary = writer.summary();
  std::printf("%lld tiles of %lld pictures with %lld objects (%lld difficult) are in %s\n", static_cast<long long>(summary.tiles),
              static_cast<long long>(summary.pictures), static_cast<long long>(summary.objects),
              static_cast<long long>(summary.difficult), options.out.c_str());
  return kDone;
}

}  // namespace

Run declareDataTile(CLI::App& app) {
  auto options = std::make_shared<Options>();
  declareSources(app, options->sources);
  app.add_option("--out", options->out, "Folder for images/ and labels/, labels as DOTA writes them")->required();
  app.add_option("--size", options->tiles.tiles.sizePx, "Side of a tile in pixels")
      ->check(CLI::PositiveNumber)
      ->capture_default_str();
  app.add_option("--overlap", options->tiles.tiles.overlapPx, "Pixels that neighbours share")
      ->check(CLI::NonNegativeNumber)
      ->capture_default_str();
  app.add_option("--keep", options->leastPercent, "Percent of a box's area that must lie in a tile for the box to count there")
      ->check(CLI::Range(0.0, 100.0))
      ->capture_default_str();
  app.add_option("--cut-boxes", options->cutBoxes, "What becomes of boxes with less: difficult or drop")
      ->check(CLI::IsMember({"difficult", "drop"}))
      ->capture_default_str();
  app.add_flag("--drop-empty", options->dropEmpty, "Write no tiles without boxes");
  app.add_flag("--png", options->tiles.png, "Write PNG instead of JPEG");
  app.add_option("--skip-limit", options->skipLimit, "Bad records to pass over at most: a number, or a share like 2%")
      ->capture_default_str();
  app.footer("A tile is named {picture}__{size}__{x}___{y} after its upper left pixel.");
  return [options] { return tile(*options); };
}

}  // namespace orthoscribe::cli
