// SPDX-License-Identifier: GPL-2.0-or-later
// One function a format, each in a file of its own.
#pragma once

#include "core/learn/data/readers/readers.h"

namespace orthoscribe::learn {

Format dotaFormat();
Format cocoFormat();
Format yoloObbFormat();
Format refgeoFormat();
Format rsvqaFormat();
Format conversationsFormat();
Format captionsFormat();
Format questionsFormat();
Format classFoldersFormat();
// Only where GDAL is built in.
Format vocFormat();
Format vectorFormat();

}  // namespace orthoscribe::learn
