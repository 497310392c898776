// SPDX-License-Identifier: GPL-2.0-or-later
// BLEU-1..4 (Papineni et al. 2002) as coco-caption computes it (rsmoe_and_metrics.md section 6.2).
#pragma once

#include <array>
#include <vector>

#include "core/learn/metrics/caption_words.h"

namespace orthoscribe::learn {

using BleuValues = std::array<double, 4>;  // BLEU-1 .. BLEU-4, 0 to 1

struct BleuScore {
  BleuValues corpus{};           // from the summed counts: not the mean of the pictures
  std::vector<BleuValues> each;  // the same formula for every picture alone
};

// Counts are clipped by the reference that has most of a run; the closest reference's length counts, the shorter of two.
BleuScore bleu(const std::vector<CaptionedPicture>& pictures);

}  // namespace orthoscribe::learn
