// SPDX-License-Identifier: GPL-2.0-or-later
// A data set cut into tiles: folders "images" and "labels" as DOTA has them.
#pragma once

#include <filesystem>
#include <map>
#include <string>

#include "core/base/progress.h"
#include "core/learn/data/processing/tile_cutter.h"
#include "core/learn/data/skip_report.h"

namespace orthoscribe::learn {

struct TileSetOptions {
  TileOptions tiles;
  bool png = false;  // otherwise JPEG, quality 95
};

struct TileSetSummary {
  std::int64_t pictures = 0;
  std::int64_t tiles = 0;
  std::int64_t objects = 0;
  std::int64_t difficult = 0;  // among them
};

class TileSetWriter {
 public:
  // Throws Error{InvalidInput} for tiles that cannot be, Error{Io} when the folders cannot be made.
  TileSetWriter(std::filesystem::path folder, const TileSetOptions& options);

  // Tiles of every record that has a picture. Records whose picture cannot be read are told to the report. A name that comes from
  // two folders is refused, for tiles would overwrite each other. Labels are named after the tile, with '-' for blanks. Throws
  // Error{Io}, Error{InvalidInput}, Error{Cancelled}; what was written stays.
  void add(RecordReader& reader, SkipReport& report, const ProgressCallback& progress, const CancelToken& cancel);

  const TileSetSummary& summary() const { return summary_; }

 private:
  bool isNew(const Record& record);
  void cut(const Record& record, SkipReport& report, const CancelToken& cancel);
  void write(const CutTile& tile);

  std::filesystem::path folder_;
  TileSetOptions options_;
  TileSetSummary summary_;
  std::map<std::string, std::filesystem::path> pictureOf_;  // by the beginning of its tiles' names
};

// "x1 y1 x2 y2 x3 y3 x4 y4 class difficult", one line.
std::string dotaLine(const LabelledShape& shape);

}  // namespace orthoscribe::learn
