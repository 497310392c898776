// SPDX-License-Identifier: GPL-2.0-or-later
// Samples whose "video" is a list of pictures, one a date, as TEOChatlas has them (reference/rscovlm.md 2.4).
#pragma once

#include <nlohmann/json_fwd.hpp>

namespace orthoscribe::learn {

// Puts the frames among the sample's pictures where "<video>" stands in its text, a marker "<image>" for each. A list of names is
// one video; a list of lists several. Throws Error{InvalidInput} when a video is a file, or the markers do not fit.
void takeFramesAsPictures(nlohmann::json& sample);

}  // namespace orthoscribe::learn
