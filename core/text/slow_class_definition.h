// SPDX-License-Identifier: GPL-2.0-or-later
// Folders without a tokenizer.json: what it would say follows from the tokenizer's class (transformers,
// convert_slow_tokenizer.py: Qwen2Converter, GPT2Converter, CLIPConverter, BertConverter).
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>

#include "core/text/tokenizer_folder.h"

namespace orthoscribe::text {

// From vocab.json and merges.txt of Qwen2Tokenizer, GPT2Tokenizer and CLIPTokenizer. Throws Error{Unsupported} for another
// class, Error{InvalidInput} naming the file and its line or field.
nlohmann::json definitionFromMerges(const std::filesystem::path& directory, const TokenizerFolder& folder);

// From vocab.txt: one token a line, its number is the id. The flags do_lower_case, tokenize_chinese_chars and strip_accents come
// from tokenizer_config.json. Throws Error{InvalidInput} naming file and line when one of the class's own tokens is missing.
nlohmann::json definitionFromWordPieces(const std::filesystem::path& file, const TokenizerFolder& folder);

}  // namespace orthoscribe::text
