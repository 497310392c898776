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
#include "core/learn/data/loading/sample_source.h"

namespace orthoscribe::learn {

struct DataSource {
  std::string name;
  std::filesystem::path file;
  std::filesystem::path imageRoot = {};  // empty: the file's folder
  // For which its texts were written (data convert --pixels); nothing: as the dialect's published models see pictures.
  std::optional<ResizeLimits> written = {};
};

struct LoadingOptions {
  std::uint64_t seed = 42;
  PlaceFrames places;        // what its `written` says is each source's own affair
  double turnShare = 0.0;    // chance that a picture is turned or mirrored, where words and places can follow
  double resizeShare = 0.0;  // chance that it is shown at a random size; needs places.resize
  ResizeRule resizeRule = ResizeRule::TrueArea;
  // That the pictures of a sample hold together at random sizes, where the model would take more; 0: as many as it takes.
  std::int64_t mostPixels = 0;
  SkipLimit skip;
};

// Throws Error{InvalidInput}: chances outside 0..1, random sizes without limits of the model, pictures that change beside texts
// whose dialect is not known.
void checkLoading(const LoadingOptions& options);

class ConversationLoader : public SampleSource {
 public:
  // mix: items as parseMix takes them, of the sources' names. Throws what parseMix, ConversationFile, SampleOrder and
  // checkLoading throw.
  ConversationLoader(const std::vector<DataSource>& sources, const std::vector<std::string>& mix, const LoadingOptions& options);

  std::int64_t epochSize() const override { return order_.epochSize(); }

  // A sample that turns out bad (no conversation, no picture) is told with file and line to the report and the log, once however
  // often it comes. Throws Error{InvalidInput} when too many are bad, or all there are.
  std::optional<LoadedSample> load(std::int64_t number) override;

  const SkipReport& report() const { return report_; }

 private:
  std::optional<Conversation> readOrSkip(const SampleChoice& choice);
  bool decodeOrSkip(const SampleChoice& choice, const Conversation& conversation, std::vector<RgbImage>& images);
  void skip(const SampleChoice& choice, BadKind kind, const std::string& what);
  ResizeLimits limitsFor(std::size_t pictures) const;
  PictureChanges draw(const std::vector<PictureSize>& sizes, std::uint64_t seed) const;
  bool change(LoadedSample& sample) const;

  struct Entry {
    ConversationFile file;
    PlaceFrames places;
  };
  static std::vector<Entry> entriesOf(const std::vector<DataSource>& sources, const std::vector<MixEntry>& mix,
                                      const LoadingOptions& options);
  static SampleOrder orderOf(const std::vector<MixEntry>& mix, const std::vector<Entry>& entries, std::uint64_t seed);

  LoadingOptions options_;
  std::vector<MixEntry> mix_;
  std::vector<Entry> entries_;  // one for each of the mix
  SampleOrder order_;
  SkipReport report_;
  std::set<std::pair<std::size_t, std::int64_t>> bad_;
};

}  // namespace orthoscribe::learn
