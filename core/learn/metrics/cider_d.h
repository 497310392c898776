// SPDX-License-Identifier: GPL-2.0-or-later
// CIDEr-D (Vedantam et al. 2015) as coco-caption computes it, where it is called CIDEr (rsmoe_and_metrics.md section 6.4).
#pragma once

#include <vector>

#include "core/learn/metrics/caption_words.h"

namespace orthoscribe::learn {

// 0 to 10 a picture; the corpus value is the mean. Runs of 1 to 4 words are weighted by how few of the given pictures have them
// in a reference, so values depend on the whole set, and a single picture scores 0. Papers print 100 times the value.
CaptionScore ciderD(const std::vector<CaptionedPicture>& pictures);

}  // namespace orthoscribe::learn
