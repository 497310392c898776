// SPDX-License-Identifier: GPL-2.0-or-later
// From the JSON of GET /v1/models to what a model says of itself.
#pragma once

#include <string>
#include <string_view>

#include "core/base/vision_language_model.h"

namespace orthoscribe::client {

// name: which model of the list; empty: the first. Of a server that is not Orthoscribe's only the name is known.
// Throws Error{Unavailable} when it is no list of models, Error{NotFound} naming those there are when the one asked for is not.
ModelInfo readModelList(std::string_view body, const std::string& name, const std::string& server);

}  // namespace orthoscribe::client
