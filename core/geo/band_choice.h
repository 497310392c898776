// SPDX-License-Identifier: GPL-2.0-or-later
// Which bands of a dataset are shown as red, green and blue, and how their values become bytes.
#pragma once

#include <gdal_priv.h>

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "core/geo/raster.h"

namespace orthoscribe::geo {

enum class BandKind {
  Bytes,    // shown as they are
  Range,    // low..high becomes 0..255
  Palette,  // indices of colours
};

struct BandView {
  GDALRasterBand* band = nullptr;
  BandKind kind = BandKind::Bytes;
  bool stretched = false;  // the range is still to be found by sampling
  double low = 0.0;
  double high = 255.0;
  std::vector<std::array<std::uint8_t, 4>> palette;  // red, green, blue, alpha
};

// One (grey or palette) or three (red, green, blue). Throws Error{InvalidInput} when a band does not exist or holds complex
// numbers.
std::vector<BandView> chooseBands(GDALDataset& dataset, const RasterOptions& options, const std::string& name,
                                  std::vector<std::string>& warnings);

}  // namespace orthoscribe::geo
