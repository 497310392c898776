// SPDX-License-Identifier: GPL-2.0-or-later
// ROUGE-L (Lin 2004) as coco-caption computes it (rsmoe_and_metrics.md section 6.3).
#pragma once

#include <vector>

#include "core/learn/metrics/caption_words.h"

namespace orthoscribe::learn {

// F measure, beta 1.2, of the longest common subsequence; the best precision and the best recall may come from different
// references. Between 0 and 1; the corpus value is the mean.
CaptionScore rougeL(const std::vector<CaptionedPicture>& pictures);

}  // namespace orthoscribe::learn
