// SPDX-License-Identifier: GPL-2.0-or-later
// Without GDAL.
#include "core/base/image_codec.h"
#include "core/learn/data/picture_file.h"

namespace orthoscribe::learn {

PictureSize pictureSize(const std::filesystem::path& path) {
  const RgbImage picture = readImageFile(path);
  return {picture.width, picture.height};
}

void readWholePicture(const std::filesystem::path& path) {
  readImageFile(path);
}

}  // namespace orthoscribe::learn
