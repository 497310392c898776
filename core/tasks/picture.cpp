// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/picture.h"

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace orthoscribe::tasks {

const Dialect& dialectToAsk(const ModelInfo& info, const std::string& name) {
  if (!name.empty()) return dialectNamed(name);
  const Dialect* dialect = findDialectFor(info);
  return dialect != nullptr ? *dialect : dialectNamed("qwen2_5_vl");
}

int pictureSidePx(const LookOptions& options, const Dialect& dialect, const ModelInfo& info) {
  return std::max(1, options.maxSidePx > 0 ? options.maxSidePx : dialect.lookSidePx(info));
}

geo::RasterWindow pictureOf(geo::RasterSource& raster, const geo::PixelRect& area, int sidePx, const CancelToken& cancel) {
  const double scale = std::min(1.0, sidePx / double(std::max(area.width, area.height)));
  const auto side = [scale](std::int64_t pixels) { return std::max(1, static_cast<int>(std::lround(double(pixels) * scale))); };
  geo::RasterWindow window = raster.read(area, side(area.width), side(area.height), cancel);
  if (!(window.validShare > 0.0)) {
    throw Error(ErrorCode::InvalidInput, "the area of " + raster.name() + " holds no data: the model was not asked",
                "choose another area");
  }
  return window;
}

GenerationOptions generationOf(const LookOptions& options) {
  GenerationOptions generation;
  generation.maxNewTokens = options.maxNewTokens;
  return generation;
}

}  // namespace orthoscribe::tasks
