// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/window_reader.h"

#include <utility>

namespace orthoscribe::tasks {

WindowReader::WindowReader(geo::RasterSource& raster, std::vector<geo::Tile> tiles, int imageSidePx, const CancelToken& cancel)
    : raster_(raster), tiles_(std::move(tiles)), imageSidePx_(imageSidePx), cancel_(cancel) {
  cancelHandle_ = cancel_.onCancel([this] {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  });
  thread_ = std::thread([this] { work(); });
}

WindowReader::~WindowReader() {
  cancelHandle_.reset();
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  thread_.join();
}

std::optional<WindowReader::Item> WindowReader::next() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return waiting_ || finished_ || stopped_; });
  if (stopped_ || !waiting_) return std::nullopt;
  std::optional<Item> item = std::move(waiting_);
  waiting_.reset();
  changed_.notify_all();
  return item;
}

void WindowReader::work() {
  for (const geo::Tile& tile : tiles_) {
    {
      // Only when the last window was taken is the next one read: this is what bounds memory.
      std::unique_lock lock(mutex_);
      changed_.wait(lock, [this] { return !waiting_ || stopped_; });
      if (stopped_) return;
    }
    Item item{tile, {}, nullptr};
    try {
      item.window = raster_.read(tile.source, imageSidePx_, imageSidePx_, cancel_);
    } catch (...) {
      item.failure = std::current_exception();
    }
    if (!hand(std::move(item))) return;
  }
  const std::lock_guard lock(mutex_);
  finished_ = true;
  changed_.notify_all();
}

bool WindowReader::hand(Item item) {
  const std::lock_guard lock(mutex_);
  waiting_ = std::move(item);
  changed_.notify_all();
  return !stopped_;
}

}  // namespace orthoscribe::tasks
