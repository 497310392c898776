// SPDX-License-Identifier: GPL-2.0-or-later
// BERT's own ways with text before its words are cut (Devlin et al. 2019; BasicTokenizer of the BERT release, and the tokenizers
// library's BertNormalizer and BertPreTokenizer).
#pragma once

#include <string>
#include <vector>

#include "core/base/json_field.h"
#include "core/text/normalizer.h"

namespace orthoscribe::text {

// "BertNormalizer": control characters go, white space becomes " ", spaces stand around Chinese characters, accents go, letters
// become small, each as its flag says. Throws Error{InvalidInput} naming the field.
Normalizer makeBertNormalizer(const JsonField& field);

// Words without the white space between them; every punctuation character is a word of its own. text: valid UTF-8.
std::vector<std::string> bertWords(const std::string& text);

}  // namespace orthoscribe::text
