// SPDX-License-Identifier: GPL-2.0-or-later
// Samples of a mix of conversation files by their number, with pictures decoded, turned and resized.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "core/learn/data/loading/conversation_file.h"
#include "core/learn/data/loading/picture_changes.h"
#include "core/learn/data/loading/sample_order.h"

namespace orthoscribe::learn {

struct DataSource {
  std::string name;
  std::filesystem::path file;
  std::filesystem::path imageRoot = {};  // empty: the file's folder
};

struct LoadingOptions {
  std::uint64_t seed = 42;
  PlaceFrames places;
  double turnShare = 0.0;    // chance that a picture is turned or mirrored, where words and places can follow
  double resizeShare = 0.0;  // chance that it is shown at a random size; needs places.resize
  ResizeRule resizeRule = ResizeRule::TrueArea;
  SkipLimit skip;
};

struct LoadedSample {
  std::int64_t number = 0;
  SampleChoice choice;
  std::string where;  // "file:line"
  Conversation conversation;
  std::vector<RgbImage> images;  // as many as the conversation names
  Orientation orientation;       // what was done to them
};

class ConversationLoader {
 public:
  // mix: items as parseMix takes them, of the sources' names. Throws what parseMix, ConversationFile and SampleOrder throw, and
  // Error{InvalidInput} for chances outside 0..1 and for random sizes without limits.
  ConversationLoader(const std::vector<DataSource>& sources, const std::vector<std::string>& mix, const LoadingOptions& options);

  std::int64_t epochSize() const { return order_.epochSize(); }

  // The same for the same number whatever came before, but for a sample that turns out bad (no conversation, no picture):
  // nothing then, and it is told with file and line to the report, once however often it comes. Throws Error{InvalidInput} when
  // too many are bad, or all of an epoch. Not from several threads at once.
  std::optional<LoadedSample> load(std::int64_t number);

  const SkipReport& report() const { return report_; }

 private:
  std::optional<Conversation> readOrSkip(const SampleChoice& choice);
  bool decodeOrSkip(const SampleChoice& choice, const Conversation& conversation, std::vector<RgbImage>& images);
  void skip(const SampleChoice& choice, BadKind kind, const std::string& what);
  PictureChanges draw(const std::vector<PictureSize>& sizes, std::uint64_t seed) const;
  bool change(LoadedSample& sample) const;

  LoadingOptions options_;
  std::vector<ConversationFile> files_;  // one for each entry of the mix
  SampleOrder order_;
  SkipReport report_;
  std::set<std::pair<std::size_t, std::int64_t>> bad_;
  std::int64_t misses_ = 0;  // since the last good sample
};

}  // namespace orthoscribe::learn
