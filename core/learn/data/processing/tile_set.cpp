// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/tile_set.h"

#include <algorithm>
#include <cstdio>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/base/make_folders.h"
#include "core/learn/data/processing/open_picture.h"

namespace orthoscribe::learn {
namespace {

namespace fs = std::filesystem;

constexpr int kJpegQuality = 95;

}  // namespace

std::string dotaLine(const LabelledShape& shape) {
  std::string line;
  for (const geo::Point& corner : shape.quad) {
    char numbers[80];
    std::snprintf(numbers, sizeof numbers, "%.2f %.2f ", corner.x, corner.y);
    line += numbers;
  }
  std::string label = shape.label;
  std::replace(label.begin(), label.end(), ' ', '-');
  return line + label + (shape.difficult ? " 1" : " 0");
}

TileSetWriter::TileSetWriter(fs::path folder, const TileSetOptions& options) : folder_(std::move(folder)), options_(options) {
  requireUsable(options.tiles);
  makeFolders(folder_ / "images");
  makeFolders(folder_ / "labels");
}

void TileSetWriter::write(const CutTile& tile) {
  const std::string name = tile.name.text();
  writePicture(tile.image, folder_ / "images" / (name + (options_.png ? ".png" : ".jpg")), kJpegQuality);
  std::string lines;
  for (const LabelledShape& object : tile.objects) {
    lines += dotaLine(object) + "\n";
    ++summary_.objects;
    if (object.difficult) ++summary_.difficult;
  }
  writeTextFile(folder_ / "labels" / (name + ".txt"), lines);
  ++summary_.tiles;
}

// Several records may tell of one picture; its boxes come with the first.
bool TileSetWriter::isNew(const Record& record) {
  const auto [known, added] = pictureOf_.emplace(record.image.stem().string(), record.image);
  if (added || known->second == record.image) return added;
  throw Error(ErrorCode::InvalidInput, record.image.string() + " and " + known->second.string() + " would give tiles of one name",
              "Rename one of them, or cut them into different folders.");
}

void TileSetWriter::cut(const Record& record, SkipReport& report, const CancelToken& cancel) {
  bool writing = false;
  const auto sink = [&](const CutTile& tile) {
    writing = true;
    write(tile);
    writing = false;
  };
  try {
    const auto picture = openPicture(record.image);
    cutTiles(*picture, record.image.stem().string(), record.objects, options_.tiles, sink, cancel);
    ++summary_.pictures;
  } catch (const Error& error) {
    if (writing || error.code() == ErrorCode::Cancelled) throw;
    report.skip({BadKind::UnreadableImage, record.where, error.message()});
  }
}

void TileSetWriter::add(RecordReader& reader, SkipReport& report, const ProgressCallback& progress, const CancelToken& cancel) {
  std::int64_t done = 0;
  while (const auto record = reader.next()) {
    ++done;
    if (record->image.empty() || !isNew(*record)) continue;
    cut(*record, report, cancel);
    if (progress) progress({done, reader.size(), "records", record->image.filename().string()});
  }
}

}  // namespace orthoscribe::learn
