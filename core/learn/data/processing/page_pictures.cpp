// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/page_pictures.h"

#include <array>
#include <cstdio>

#include "core/base/error.h"
#include "core/base/image_codec.h"
#include "core/base/text_encoding.h"
#include "core/learn/data/processing/open_picture.h"
#include "core/learn/data/processing/page_charts.h"

namespace orthoscribe::learn {
namespace {

constexpr int kJpegQuality = 78;
constexpr std::size_t kMostText = 220;
// Told apart on imagery, also by most who see colours differently.
constexpr std::array<std::string_view, 8> kColours = {"#ffd23f", "#3bceac", "#ff6b6b", "#8ecae6",
                                                      "#f78c2a", "#c77dff", "#b5e48c", "#ff9ebb"};

using Colours = std::map<std::string, std::string_view>;

Colours coloursOf(const DataStatistics& statistics) {
  Colours colours;
  for (const auto& [name, count] : statistics.classes()) colours.emplace(name, kColours[colours.size() % kColours.size()]);
  return colours;
}

std::string polygon(const LabelledShape& object, const Colours& colours) {
  std::string points;
  for (const geo::Point& corner : object.quad) {
    char text[64];
    std::snprintf(text, sizeof text, "%.1f,%.1f ", corner.x, corner.y);
    points += text;
  }
  return "<polygon" + std::string(object.difficult ? " class=\"difficult\"" : "") + " points=\"" + points + "\" stroke=\"" +
         std::string(colours.at(object.label)) + "\"><title>" + htmlText(object.label) + "</title></polygon>";
}

// The boxes' coordinates are those of the whole picture.
std::string drawing(const Specimen& specimen, const Colours& colours, int longestSidePx) {
  const auto picture = openPicture(specimen.image);
  const RgbImage small = readOverview(*picture, longestSidePx);
  const std::string width = std::to_string(picture->width());
  const std::string height = std::to_string(picture->height());
  std::string svg = "<svg viewBox=\"0 0 " + width + " " + height + "\" role=\"img\" aria-label=\"" +
                    htmlText(specimen.image.filename().string()) + "\"><image width=\"" + width + "\" height=\"" + height +
                    "\" href=\"data:image/jpeg;base64," + encodeBase64(encodeJpeg(small, kJpegQuality)) + "\"/>";
  for (const LabelledShape& object : specimen.objects) svg += polygon(object, colours);
  return svg + "</svg>";
}

std::string legend(const Specimen& specimen, const Colours& colours) {
  std::map<std::string, int> counts;
  for (const LabelledShape& object : specimen.objects) ++counts[object.label];
  std::string text;
  for (const auto& [name, count] : counts) {
    text += "<span><i class=\"key\" style=\"background:" + std::string(colours.at(name)) + "\"></i>" + htmlText(name) + " (" +
            std::to_string(count) + ")</span>";
  }
  return text;
}

std::string figure(const std::string& kind, const Specimen& specimen, const Colours& colours, int longestSidePx) {
  std::string words = specimen.text;
  if (words.size() > kMostText) words = words.substr(0, completeUtf8Length(words.substr(0, kMostText))) + "…";
  return "<figure><div class=\"frame\">" + drawing(specimen, colours, longestSidePx) + "</div><figcaption><b>" + htmlText(kind) +
         "</b>" + legend(specimen, colours) + (words.empty() ? "" : "<span>" + htmlText(words) + "</span>") +
         "<span class=\"quiet\">" + htmlText(specimen.image.filename().string()) + "</span></figcaption></figure>\n";
}

}  // namespace

std::string picturesOf(const DataStatistics& statistics, const PagePictureOptions& options, SkipReport& report,
                       const CancelToken& cancel) {
  const Colours colours = coloursOf(statistics);
  std::string figures;
  std::size_t count = 0;
  std::set<std::filesystem::path> shown;
  bool more = true;
  for (std::size_t round = 0; more && count < options.most; ++round) {
    more = false;
    for (const auto& [kind, specimens] : statistics.specimens()) {
      if (round >= specimens.size() || count >= options.most) continue;
      more = true;
      const Specimen& specimen = specimens[round];
      if (!shown.insert(specimen.image).second) continue;
      cancel.throwIfCancelled();
      try {
        figures += figure(kind, specimen, colours, options.longestSidePx);
        ++count;
      } catch (const Error& error) {
        report.skip({BadKind::UnreadableImage, specimen.image.string(), error.message()});
      }
    }
  }
  return figures.empty() ? std::string() : "<div class=\"pictures\">\n" + figures + "</div>\n";
}

}  // namespace orthoscribe::learn
