// SPDX-License-Identifier: GPL-2.0-or-later
// Reads the next window while the model works on the last one.
#pragma once

#include <condition_variable>
#include <exception>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

#include "core/base/cancel.h"
#include "core/geo/raster.h"
#include "core/geo/tiling.h"

namespace orthoscribe::tasks {

class WindowReader {
 public:
  struct Item {
    geo::Tile tile;
    geo::RasterWindow window;
    std::exception_ptr failure;  // set when the window could not be read
  };

  // Starts a thread, the only one that uses `raster` until this object is destroyed. At most one window waits at any time, so
  // memory does not grow with the raster.
  WindowReader(geo::RasterSource& raster, std::vector<geo::Tile> tiles, int imageSidePx, const CancelToken& cancel);
  // Waits for a read under way.
  ~WindowReader();
  WindowReader(const WindowReader&) = delete;
  WindowReader& operator=(const WindowReader&) = delete;

  // In the order of the tiles. Nothing after the last one, and at once when cancelled.
  std::optional<Item> next();

 private:
  void work();
  // Returns whether reading should go on.
  bool hand(Item item);

  geo::RasterSource& raster_;
  const std::vector<geo::Tile> tiles_;
  const int imageSidePx_;
  const CancelToken cancel_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::optional<Item> waiting_;
  bool finished_ = false;
  bool stopped_ = false;
  std::shared_ptr<void> cancelHandle_;
  std::thread thread_;
};

}  // namespace orthoscribe::tasks
