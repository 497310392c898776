// SPDX-License-Identifier: GPL-2.0-or-later
// Learns a byte-level BPE vocabulary from texts (Sennrich et al. 2016, algorithm 1, over bytes) and writes it as a model folder's
// tokenizer.
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <vector>

#include "core/text/pre_tokenizer.h"

namespace orthoscribe::text {

struct BpeTrainingOptions {
  // Upper limit, special tokens included; fewer tokens when the texts have no more pairs that occur often enough. At least 256 +
  // wholePieces + specialTokens.
  std::int64_t vocabularySize = 4096;
  // Cuts the texts first; merges never cross the cuts. PCRE2 syntax with Unicode properties.
  std::string pattern = kGpt2Pattern;
  // Get the last ids, in this order, and are found in texts before anything else.
  std::vector<std::string> specialTokens;
  // Pieces that become one token each whatever the texts say, for example " 0" to " 255". The pattern must leave each of them
  // whole.
  std::vector<std::string> wholePieces;
  // A pair must occur at least so often to be merged.
  std::int64_t minimumCount = 2;
  // Among specialTokens: written to tokenizer_config.json; empty: none.
  std::string endToken;
  std::string padToken;
};

// Writes tokenizer.json and tokenizer_config.json into the folder, which must exist; loadTokenizer reads them. Returns the number
// of tokens. Ids: 256 bytes, whole pieces, merges, special tokens. Equal input gives equal files. Throws Error{InvalidInput, Io}.
std::int64_t trainBpe(std::span<const std::string> texts, const BpeTrainingOptions& options,
                      const std::filesystem::path& directory);

}  // namespace orthoscribe::text
