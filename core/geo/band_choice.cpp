// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/band_choice.h"

#include <algorithm>
#include <cstdlib>

#include "core/base/error.h"

namespace orthoscribe::geo {
namespace {

int firstBandShowing(GDALDataset& dataset, GDALColorInterp wanted) {
  for (int index = 1; index <= dataset.GetRasterCount(); ++index) {
    if (dataset.GetRasterBand(index)->GetColorInterpretation() == wanted) return index;
  }
  return 0;
}

std::vector<int> bandsByInterpretation(GDALDataset& dataset, std::vector<std::string>& warnings) {
  const std::vector<int> colours = {firstBandShowing(dataset, GCI_RedBand), firstBandShowing(dataset, GCI_GreenBand),
                                    firstBandShowing(dataset, GCI_BlueBand)};
  if (std::find(colours.begin(), colours.end(), 0) == colours.end()) return colours;

  std::vector<int> shown;
  for (int index = 1; index <= dataset.GetRasterCount(); ++index) {
    if (dataset.GetRasterBand(index)->GetColorInterpretation() != GCI_AlphaBand) shown.push_back(index);
  }
  if (shown.empty()) shown.push_back(1);
  const bool palette = dataset.GetRasterBand(shown[0])->GetColorInterpretation() == GCI_PaletteIndex;
  shown.resize(palette || shown.size() < 3 ? 1 : 3);
  if (shown.size() == 3) {
    warnings.push_back("the raster does not say which bands are red, green and blue: bands " + std::to_string(shown[0]) + ", " +
                       std::to_string(shown[1]) + " and " + std::to_string(shown[2]) + " are taken");
  }
  return shown;
}

void checkAsked(const std::vector<int>& bands, int count, const std::string& name) {
  if (bands.size() != 1 && bands.size() != 3) {
    throw Error(ErrorCode::InvalidInput, std::to_string(bands.size()) + " bands were asked for",
                "give one band for grey, or three for red, green and blue");
  }
  for (const int band : bands) {
    if (band >= 1 && band <= count) continue;
    throw Error(ErrorCode::InvalidInput, name + " has no band " + std::to_string(band),
                count == 1 ? "it has one band, number 1" : "its bands are numbered 1 to " + std::to_string(count));
  }
}

std::vector<std::array<std::uint8_t, 4>> coloursOf(const GDALColorTable& table) {
  std::vector<std::array<std::uint8_t, 4>> colours;
  for (int i = 0; i < table.GetColorEntryCount(); ++i) {
    GDALColorEntry entry{};
    table.GetColorEntryAsRGB(i, &entry);
    const auto byte = [](short value) { return static_cast<std::uint8_t>(std::clamp<int>(value, 0, 255)); };
    colours.push_back({byte(entry.c1), byte(entry.c2), byte(entry.c3), byte(entry.c4)});
  }
  return colours;
}

BandView viewOf(GDALRasterBand& band, bool alone, const RasterOptions& options) {
  BandView view;
  view.band = &band;
  if (const GDALColorTable* table = band.GetColorTable(); alone && table && table->GetColorEntryCount() > 0) {
    view.kind = BandKind::Palette;
    view.palette = coloursOf(*table);
    return view;
  }
  if (band.GetRasterDataType() != GDT_Byte || options.stretchBytes) {
    view.kind = BandKind::Range;
    view.stretched = true;
    return view;
  }
  // Bytes that hold fewer bits, such as black and white scans, use their own full range.
  const char* bits = band.GetMetadataItem("NBITS", "IMAGE_STRUCTURE");
  if (const int count = bits ? std::atoi(bits) : 8; count >= 1 && count < 8) {
    view.kind = BandKind::Range;
    view.high = static_cast<double>((1 << count) - 1);
  }
  return view;
}

}  // namespace

std::vector<BandView> chooseBands(GDALDataset& dataset, const RasterOptions& options, const std::string& name,
                                  std::vector<std::string>& warnings) {
  if (!options.bands.empty()) checkAsked(options.bands, dataset.GetRasterCount(), name);
  if (!(options.stretchLowPercent >= 0.0) || !(options.stretchHighPercent <= 100.0) ||
      !(options.stretchLowPercent < options.stretchHighPercent)) {
    throw Error(ErrorCode::InvalidInput,
                "the stretch percentiles must be at least 0, at most 100, and the low one below the high one");
  }
  const std::vector<int> indices = options.bands.empty() ? bandsByInterpretation(dataset, warnings) : options.bands;
  std::vector<BandView> views;
  for (const int index : indices) {
    GDALRasterBand& band = *dataset.GetRasterBand(index);
    if (GDALDataTypeIsComplex(band.GetRasterDataType())) {
      throw Error(ErrorCode::InvalidInput, "band " + std::to_string(index) + " of " + name + " holds complex numbers",
                  "make a raster of their magnitude first");
    }
    views.push_back(viewOf(band, indices.size() == 1, options));
  }
  return views;
}

}  // namespace orthoscribe::geo
