// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/band_stretch.h"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "core/geo/band_reader.h"

namespace orthoscribe::geo {
namespace {

constexpr std::int64_t kSampleSize = 1 << 20;
constexpr std::size_t kEnough = 1000;

struct Sample {
  std::vector<double> values;
  bool anyRead = false;
};

void addWindow(GDALRasterBand& band, const SourceWindow& window, int width, int height, const CancelToken& cancel,
               Sample& sample) {
  std::vector<double> values;
  std::vector<double> coverage;
  // A damaged block is told when its window is read; here the others do.
  if (!readValues(band, window, width, height, Resampling::Nearest, cancel, values) ||
      !readCoverage(band, window, width, height, Resampling::Nearest, cancel, coverage)) {
    return;
  }
  sample.anyRead = true;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (coverage[i] >= 0.5 && std::isfinite(values[i])) sample.values.push_back(values[i]);
  }
}

// `count` windows along each axis, `side` pixels wide and high.
void addGrid(GDALRasterBand& band, int count, int side, const CancelToken& cancel, Sample& sample) {
  const int width = std::min(side, band.GetXSize());
  const int height = std::min(side, band.GetYSize());
  for (int i = 0; i < count; ++i) {
    for (int j = 0; j < count; ++j) {
      const double column = std::floor(static_cast<double>(band.GetXSize() - width) * (j + 0.5) / count);
      const double row = std::floor(static_cast<double>(band.GetYSize() - height) * (i + 0.5) / count);
      const SourceWindow window{column, row, static_cast<double>(width), static_cast<double>(height)};
      addWindow(band, window, width, height, cancel, sample);
    }
  }
}

Sample sampleOf(GDALRasterBand& band, const CancelToken& cancel) {
  const double width = band.GetXSize();
  const double height = band.GetYSize();
  Sample sample;
  const double pixelsPerSample = width * height / static_cast<double>(kSampleSize);
  const double scale = std::max(1.0, std::sqrt(pixelsPerSample));
  // The overview that reading at this scale would use; when even that is large, there is none that is small enough.
  GDALRasterBand& level = overviewFor(band, scale * 2.0, scale * 2.0);
  const std::int64_t levelPixels = static_cast<std::int64_t>(level.GetXSize()) * level.GetYSize();
  if (levelPixels <= kSampleSize * 4) {
    addWindow(band, {0.0, 0.0, width, height}, level.GetXSize(), level.GetYSize(), cancel, sample);
    return sample;
  }
  addGrid(band, 16, 64, cancel, sample);
  // Data may fill a small part of a large raster only.
  if (sample.values.size() < kEnough) addGrid(band, 32, 32, cancel, sample);
  return sample;
}

// Between the two nearest ranks, as numpy's default does.
double percentile(std::vector<double>& values, double percent) {
  const double rank = percent / 100.0 * static_cast<double>(values.size() - 1);
  const auto below = static_cast<std::size_t>(rank);
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  const double low = *at;
  if (below + 1 >= values.size()) return low;
  const double high = *std::min_element(at + 1, values.end());
  return low + (high - low) * (rank - static_cast<double>(below));
}

}  // namespace

bool stretchBySample(BandView& view, double lowPercent, double highPercent, const CancelToken& cancel) {
  Sample sample = sampleOf(*view.band, cancel);
  if (sample.values.empty()) return sample.anyRead;
  view.low = percentile(sample.values, lowPercent);
  view.high = percentile(sample.values, highPercent);
  if (!(view.high > view.low)) {
    // One value everywhere becomes middle grey.
    const double margin = std::max(0.5, std::abs(view.low) * 1e-6);
    view.high = view.low + margin;
    view.low -= margin;
  }
  return true;
}

}  // namespace orthoscribe::geo
