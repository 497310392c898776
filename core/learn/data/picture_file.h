// SPDX-License-Identifier: GPL-2.0-or-later
// Pictures of data sets on disk: how large they are, and whether they can be read at all.
#pragma once

#include <filesystem>

#include "core/base/smart_resize.h"

namespace orthoscribe::learn {

// From the file's header where GDAL is built in; without it, by decoding (PNG and JPEG only). Throws Error{NotFound},
// Error{InvalidInput or Io} naming the file.
PictureSize pictureSize(const std::filesystem::path& path);

// Reads all of it, so that a file that is cut short is found; above a hundred million pixels the header only. Throws as above.
void readWholePicture(const std::filesystem::path& path);

// By the ending, without case: png, jpg, jpeg, tif, tiff, bmp, webp, jp2.
bool looksLikePicture(const std::filesystem::path& path);

}  // namespace orthoscribe::learn
