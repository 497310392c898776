// SPDX-License-Identifier: GPL-2.0-or-later
// A report with one of everything, and texts that must not break it.
#pragma once

#include "core/learn/metrics/report/evaluation_page.h"

namespace orthoscribe::learn {

inline constexpr const char* kHostile = "<script>alert(\"x\")</script> & \xff";

EvaluationPage fullPage();

}  // namespace orthoscribe::learn
