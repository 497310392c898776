// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/convert/converter.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "core/learn/data/convert/makers.h"

namespace orthoscribe::learn {
namespace {

using Maker = std::vector<Conversation> (*)(const Record&, const ConversionContext&);

constexpr Maker kMakers[] = {readyConversations,   detectionConversations, groundingConversations,
                             captionConversations, questionConversations,  classificationConversations};

std::vector<std::string> picturesOf(const Record& record) {
  if (record.image.empty()) return {};
  std::vector<std::string> pictures = {record.image.generic_string()};
  for (const auto& further : record.further) pictures.push_back(further.generic_string());
  return pictures;
}

// The record's own, numbered where there are several.
std::string idOf(const Record& record, std::size_t index, std::size_t count) {
  const std::string base = !record.id.empty()     ? record.id
                           : record.image.empty() ? record.where
                                                  : record.image.filename().string();
  return count == 1 ? base : base + "#" + std::to_string(index + 1);
}

}  // namespace

std::optional<ResizeLimits> writtenLimitsIn(std::string_view text) {
  if (text == "own") return kOwnSize;
  const auto pixels = [](std::string_view part) {
    std::int64_t count = 0;
    const auto [end, fault] = std::from_chars(part.data(), part.data() + part.size(), count);
    return fault == std::errc() && end == part.data() + part.size() ? count : 0;
  };
  const std::size_t comma = text.find(',');
  const std::int64_t least = pixels(text.substr(0, comma));
  const std::int64_t most = comma == std::string_view::npos ? 0 : pixels(text.substr(comma + 1));
  if (least < 1 || most < least) return std::nullopt;
  return ResizeLimits{.factor = 28, .minPixels = least, .maxPixels = most};
}

Converter::Converter(ConversionOptions options) : options_(std::move(options)), dialect_(tasks::dialectNamed(options_.dialect)) {}

tasks::PictureFrame Converter::frameOf(int widthPx, int heightPx) const {
  if (!options_.pixels || !dialect_.countsResizedPixels() || widthPx <= 0 || heightPx <= 0)
    return dialect_.frameOf(std::max(widthPx, 1), std::max(heightPx, 1));
  const PictureSize seen = smartResize(widthPx, heightPx, *options_.pixels);
  return {double(widthPx), double(heightPx), double(seen.width), double(seen.height)};
}

std::vector<Conversation> Converter::convert(const Record& record) const {
  const ConversionContext context{dialect_, options_, frameOf(record.widthPx, record.heightPx)};
  std::vector<Conversation> all;
  for (const Maker maker : kMakers) {
    for (Conversation& made : maker(record, context)) all.push_back(std::move(made));
  }
  for (std::size_t i = 0; i < all.size(); ++i) {
    all[i].id = idOf(record, i, all.size());
    all[i].images = picturesOf(record);
    all[i].source = record.source;
  }
  return all;
}

std::vector<Turn> taughtTurns(const std::vector<Message>& request, std::string answer) {
  std::vector<Turn> turns;
  for (const Message& message : request) {
    Turn turn{message.role, message.text};
    if (turn.text.find(kImageMarker) == std::string::npos) {
      // Right before the text, as the engine sends it.
      for (std::size_t i = 0; i < message.images.size(); ++i) turn.text.insert(0, kImageMarker);
    }
    turns.push_back(std::move(turn));
  }
  turns.push_back({Role::Assistant, std::move(answer)});
  return turns;
}

}  // namespace orthoscribe::learn
