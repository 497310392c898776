// SPDX-License-Identifier: GPL-2.0-or-later
// The range of values that becomes black to white.
#pragma once

#include "core/base/cancel.h"
#include "core/geo/band_choice.h"

namespace orthoscribe::geo {

// Sets low and high to the percentiles of a sample: the whole band when small, a small overview, else windows spread over it, at
// most about a million values. The same file always gives the same sample. Without any data the range stays as it is. False when
// nothing of the sample could be read. Throws Error{Cancelled}.
bool stretchBySample(BandView& view, double lowPercent, double highPercent, const CancelToken& cancel);

}  // namespace orthoscribe::geo
