// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/conversation_loader.h"

#include <algorithm>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/learn/data/processing/open_picture.h"
#include "core/vision/resize.h"

namespace orthoscribe::learn {
namespace {

void requireChance(double share, const char* name) {
  if (share >= 0.0 && share <= 1.0) return;
  throw Error(ErrorCode::InvalidInput, std::string(name) + " is " + std::to_string(share), "A chance lies between 0 and 1.");
}

std::vector<MixEntry> mixOf(const std::vector<DataSource>& sources, const std::vector<std::string>& items) {
  std::vector<std::string> names;
  for (const DataSource& source : sources) names.push_back(source.name);
  return parseMix(items, names);
}

const LoadingOptions& checked(const LoadingOptions& options) {
  checkLoading(options);
  return options;
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

void checkLoading(const LoadingOptions& options) {
  requireChance(options.turnShare, "the chance to turn pictures");
  requireChance(options.resizeShare, "the chance to resize pictures");
  if (options.resizeShare > 0.0 && !options.places.resize)
    throw Error(ErrorCode::InvalidInput, "random sizes are asked for, but the model takes pictures of one size",
                "Leave out random sizes for this family.");
  if ((options.turnShare > 0.0 || options.resizeShare > 0.0) && options.places.dialect == nullptr)
    throw Error(ErrorCode::InvalidInput, "pictures are to be turned or resized, but how the texts give places is not known",
                "Name the dialect that they were written in.");
}

std::vector<ConversationLoader::Entry> ConversationLoader::entriesOf(const std::vector<DataSource>& sources,
                                                                     const std::vector<MixEntry>& mix,
                                                                     const LoadingOptions& options) {
  std::vector<Entry> entries;
  for (const MixEntry& item : mix) {
    const auto source =
        std::find_if(sources.begin(), sources.end(), [&](const DataSource& one) { return one.name == item.name; });
    entries.push_back({ConversationFile(source->file, source->imageRoot), options.places});
    entries.back().places.written = source->written;
  }
  return entries;
}

SampleOrder ConversationLoader::orderOf(const std::vector<MixEntry>& mix, const std::vector<Entry>& entries, std::uint64_t seed) {
  std::vector<MixedSet> sets;
  for (std::size_t i = 0; i < mix.size(); ++i) sets.push_back({mix[i], entries[i].file.size()});
  return {std::move(sets), seed};
}

ConversationLoader::ConversationLoader(const std::vector<DataSource>& sources, const std::vector<std::string>& mix,
                                       const LoadingOptions& options)
    : options_(checked(options)),
      mix_(mixOf(sources, mix)),
      entries_(entriesOf(sources, mix_, options)),
      order_(orderOf(mix_, entries_, options.seed)),
      report_(options.skip) {}

void ConversationLoader::skip(const SampleChoice& choice, BadKind kind, const std::string& what) {
  bad_.insert({choice.set, choice.sample});
  const std::string where = entries_[choice.set].file.where(choice.sample);
  log::warning(where + " is passed over: " + what);
  report_.skip({kind, where, what});
}

std::optional<Conversation> ConversationLoader::readOrSkip(const SampleChoice& choice) {
  try {
    return entries_[choice.set].file.read(choice.sample);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::InvalidInput) throw;
    skip(choice, BadKind::BrokenRecord, error.message());
    return std::nullopt;
  }
}

bool ConversationLoader::decodeOrSkip(const SampleChoice& choice, const Conversation& conversation,
                                      std::vector<RgbImage>& images) {
  try {
    for (const std::string& name : conversation.images) images.push_back(readPicture(entries_[choice.set].file.imagePath(name)));
    return true;
  } catch (const Error& error) {
    skip(choice, BadKind::UnreadableImage, error.message());
    return false;
  }
}

ResizeLimits ConversationLoader::limitsFor(std::size_t pictures) const {
  ResizeLimits limits = *options_.places.resize;
  if (options_.mostPixels > 0) {
    const std::int64_t share = options_.mostPixels / std::max<std::int64_t>(1, static_cast<std::int64_t>(pictures));
    limits.maxPixels = std::max(limits.minPixels, std::min(limits.maxPixels, share));
  }
  return limits;
}

PictureChanges ConversationLoader::draw(const std::vector<PictureSize>& sizes, std::uint64_t seed) const {
  PictureChanges changes;
  if (drawn(seed, 0) < options_.turnShare) changes.orientation = orientations()[1 + mixed(seed, 1) % 7];
  const bool resized = drawn(seed, 2) < options_.resizeShare;
  const ResizeLimits limits = resized ? limitsFor(sizes.size()) : ResizeLimits{};
  for (std::size_t i = 0; i < sizes.size(); ++i) {
    const PictureSize size = turnedSize(sizes[i], changes.orientation);
    changes.sizes.push_back(resized ? randomSize(size.width, size.height, drawn(seed, 3 + i), limits, options_.resizeRule)
                                    : size);
  }
  return changes;
}

// False when the places cannot be brought to the pixels that the model counts in, even of the picture as it is.
bool ConversationLoader::change(LoadedSample& sample) const {
  const std::vector<PictureSize> sizes = sizesOf(sample.images);
  const PictureChanges wished = draw(sizes, sample.choice.seed);
  for (const PictureChanges& changes : {wished, unturned(wished), PictureChanges{{}, sizes}}) {
    std::optional<Conversation> conversation = changed(sample.conversation, sizes, changes, entries_[sample.choice.set].places);
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
  if (std::ssize(bad_) >= order_.sampleCount())
    throw Error(ErrorCode::InvalidInput, "no sample of the mix can be used (" + report_.summary() + ")",
                "Look at the files with `orthoscribe data check`.");
  if (bad_.contains({sample.choice.set, sample.choice.sample})) return std::nullopt;
  std::optional<Conversation> conversation = readOrSkip(sample.choice);
  if (!conversation || !decodeOrSkip(sample.choice, *conversation, sample.images)) return std::nullopt;
  sample.where = entries_[sample.choice.set].file.where(sample.choice.sample);
  sample.conversation = std::move(*conversation);
  if (!change(sample)) {
    skip(sample.choice, BadKind::BrokenRecord, "its places cannot be brought to the pixels that the model sees");
    return std::nullopt;
  }
  report_.good();
  return sample;
}

}  // namespace orthoscribe::learn
