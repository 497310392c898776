// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/conversation_loader.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/learn/data/processing/open_picture.h"
#include "core/vision/resize.h"

namespace orthoscribe::learn {
namespace {

void requireChance(double share, const char* name) {
  if (share >= 0.0 && share <= 1.0) return;
  throw Error(ErrorCode::InvalidInput, std::string(name) + " is " + std::to_string(share), "A chance lies between 0 and 1.");
}

const LoadingOptions& checkedOptions(const LoadingOptions& options) {
  requireChance(options.turnShare, "the chance to turn pictures");
  requireChance(options.resizeShare, "the chance to resize pictures");
  if (options.resizeShare > 0.0 && !options.places.resize)
    throw Error(ErrorCode::InvalidInput, "random sizes are asked for, but the model takes pictures of one size",
                "Leave out random sizes for this family.");
  return options;
}

std::vector<MixEntry> mixOf(const std::vector<DataSource>& sources, const std::vector<std::string>& items) {
  std::vector<std::string> names;
  for (const DataSource& source : sources) names.push_back(source.name);
  return parseMix(items, names);
}

std::vector<ConversationFile> filesOf(const std::vector<MixEntry>& mix, const std::vector<DataSource>& sources) {
  std::vector<ConversationFile> files;
  for (const MixEntry& entry : mix) {
    const auto source =
        std::find_if(sources.begin(), sources.end(), [&](const DataSource& one) { return one.name == entry.name; });
    files.emplace_back(source->file, source->imageRoot);
  }
  return files;
}

std::vector<MixedSet> setsOf(const std::vector<MixEntry>& mix, const std::vector<ConversationFile>& files) {
  std::vector<MixedSet> sets;
  for (std::size_t i = 0; i < mix.size(); ++i) sets.push_back({mix[i], files[i].size()});
  return sets;
}

// Uniform in [0, 1).
double drawn(std::uint64_t seed, std::uint64_t which) {
  return static_cast<double>(mixed(seed, which) >> 11U) * 0x1.0p-53;
}

PictureSize turnedSize(PictureSize size, const Orientation& orientation) {
  return orientation.swapsAxes() ? PictureSize{size.height, size.width} : size;
}

std::vector<PictureSize> sizesOf(const std::vector<RgbImage>& images) {
  std::vector<PictureSize> sizes;
  for (const RgbImage& image : images) sizes.push_back({image.width, image.height});
  return sizes;
}

PictureChanges unturned(const PictureChanges& changes) {
  PictureChanges result{{}, changes.sizes};
  for (PictureSize& size : result.sizes) size = turnedSize(size, changes.orientation);
  return result;
}

}  // namespace

ConversationLoader::ConversationLoader(const std::vector<DataSource>& sources, const std::vector<std::string>& mix,
                                       const LoadingOptions& options)
    : options_(checkedOptions(options)),
      files_(filesOf(mixOf(sources, mix), sources)),
      order_(setsOf(mixOf(sources, mix), files_), options.seed),
      report_(options.skip) {}

void ConversationLoader::skip(const SampleChoice& choice, BadKind kind, const std::string& what) {
  bad_.insert({choice.set, choice.sample});
  report_.skip({kind, files_[choice.set].where(choice.sample), what});
}

std::optional<Conversation> ConversationLoader::readOrSkip(const SampleChoice& choice) {
  try {
    return files_[choice.set].read(choice.sample);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::InvalidInput) throw;
    skip(choice, BadKind::BrokenRecord, error.message());
    return std::nullopt;
  }
}

bool ConversationLoader::decodeOrSkip(const SampleChoice& choice, const Conversation& conversation,
                                      std::vector<RgbImage>& images) {
  try {
    for (const std::string& name : conversation.images) images.push_back(readPicture(files_[choice.set].imagePath(name)));
    return true;
  } catch (const Error& error) {
    skip(choice, BadKind::UnreadableImage, error.message());
    return false;
  }
}

PictureChanges ConversationLoader::draw(const std::vector<PictureSize>& sizes, std::uint64_t seed) const {
  PictureChanges changes;
  if (drawn(seed, 0) < options_.turnShare) changes.orientation = orientations()[1 + mixed(seed, 1) % 7];
  const bool resized = drawn(seed, 2) < options_.resizeShare;
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const PictureSize size = turnedSize(sizes[i], changes.orientation);
    changes.sizes.push_back(
        resized ? randomSize(size.width, size.height, drawn(seed, 3 + i), *options_.places.resize, options_.resizeRule) : size);
  }
  return changes;
}

// False when the places cannot be brought to the pixels that the model counts in, even of the picture as it is.
bool ConversationLoader::change(LoadedSample& sample) const {
  const std::vector<PictureSize> sizes = sizesOf(sample.images);
  const PictureChanges wished = draw(sizes, sample.choice.seed);
  for (const PictureChanges& changes : {wished, unturned(wished), PictureChanges{{}, sizes}}) {
    std::optional<Conversation> conversation = changed(sample.conversation, sizes, changes, options_.places);
    if (!conversation) continue;
    sample.conversation = std::move(*conversation);
    sample.orientation = changes.orientation;
    for (std::size_t i = 0; i < sample.images.size(); ++i) {
      const RgbImage turned = changes.orientation.turned(sample.images[i]);
      sample.images[i] = vision::resize(turned, changes.sizes[i].width, changes.sizes[i].height, vision::ResampleFilter::Bicubic);
    }
    return true;
  }
  return false;
}

std::optional<LoadedSample> ConversationLoader::load(std::int64_t number) {
  LoadedSample sample;
  sample.number = number;
  sample.choice = order_.at(number);
  // Where few samples are all bad, the limit on skipping is never reached.
  if (misses_++ >= epochSize())
    throw Error(ErrorCode::InvalidInput, "no sample of the mix can be used (" + report_.summary() + ")",
                "Look at the files with `orthoscribe data check`.");
  if (bad_.contains({sample.choice.set, sample.choice.sample})) return std::nullopt;
  std::optional<Conversation> conversation = readOrSkip(sample.choice);
  if (!conversation || !decodeOrSkip(sample.choice, *conversation, sample.images)) return std::nullopt;
  sample.where = files_[sample.choice.set].where(sample.choice.sample);
  sample.conversation = std::move(*conversation);
  if (!change(sample)) {
    skip(sample.choice, BadKind::BrokenRecord, "its places cannot be brought to the pixels that the model sees");
    return std::nullopt;
  }
  misses_ = 0;
  report_.good();
  return sample;
}

}  // namespace orthoscribe::learn
