// SPDX-License-Identifier: GPL-2.0-or-later
// Ctrl+C as a cancel token.
#pragma once

#include "core/base/cancel.h"

namespace orthoscribe::cli {

// Cancelled by the first SIGINT or SIGTERM; the second one ends the program at once. The first call blocks these signals for
// threads started afterwards, so call it early.
CancelToken interruptToken();

}  // namespace orthoscribe::cli
