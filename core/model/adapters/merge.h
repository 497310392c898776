// SPDX-License-Identifier: GPL-2.0-or-later
// Puts an adapter into the weights of its base.
#pragma once

#include <filesystem>

namespace orthoscribe::model {

struct MergeReport {
  int linears = 0;  // whose weights were changed
  int files = 0;    // of weights that were written
};

// W <- W + scale * B A for every linear of the adapter (PEFT, LoraLayer.merge), computed in float32 and kept in the stored
// precision; shards and names stay as they are, all other files are copied. `out` must not exist or be empty; it is written
// beside and renamed. Throws Error{Unsupported} with the reason where a merged weight cannot do what the adapter does: a router
// chooses among its experts by the input. Throws as loadNetwork for a pair that does not fit, Error{Io or InvalidInput} for
// `out`.
MergeReport mergeAdapter(const std::filesystem::path& model, const std::filesystem::path& adapter,
                         const std::filesystem::path& out);

}  // namespace orthoscribe::model
