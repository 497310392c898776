// SPDX-License-Identifier: GPL-2.0-or-later
// The contents of a fixture's messages: a text, or parts as transformers' templates take them.
#pragma once

#include <string>

#include "core/text/json_fields.h"

namespace orthoscribe::engine::verify {

// A text as it is; of parts the texts, with "<image>" where an image stands. Throws Error{Unsupported} for other parts (videos),
// Error{InvalidInput} for what is neither.
std::string markedText(const text::JsonField& content);

}  // namespace orthoscribe::engine::verify
