// SPDX-License-Identifier: GPL-2.0-or-later
// From messages with images to token ids with places for the images' rows (InternVL-chat: skynova.md sections 1.3 and 1.4; Qwen:
// rscovlm.md section 1.4).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/text/chat_template.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

// What stands around and in place of an image.
struct ImageTokens {
  std::string begin = "<img>";
  std::string row = "<IMG_CONTEXT>";  // once for each of the image's rows
  std::string end = "</img>";
  std::string marker = "<image>";  // what the chat template leaves where all this comes
  // An image that its message does not mark stands on a line of its own, several are numbered; else it stands right before the
  // text.
  bool onLines = true;
};

// Places of one image's rows: ids [begin, begin + length).
struct ImageSpan {
  std::int64_t begin = 0;
  std::int64_t length = 0;
};

struct Prompt {
  std::string text;  // as rendered, the images' markers not yet expanded
  std::vector<text::TokenId> ids;
  std::vector<ImageSpan> images;  // in the order of the images in the messages
};

// Checks roles and markers and puts "<image>" where a message has images but no marker: before the text, with onLines on a line
// of its own, and "Image-1: <image>" and so on for several (skynova.md 7.3). Throws Error{InvalidInput}: no message, the last one
// not from the user, markers and images of a message do not match.
std::vector<text::Turn> turnsOf(const std::vector<Message>& messages, bool onLines = true);

class PromptAssembler {
 public:
  // Keeps references; addSpecial: whether the tokenizer's own BOS is put in front of the rendered text.
  PromptAssembler(const text::Tokenizer& tokenizer, const text::ChatTemplate& chatTemplate, bool addSpecial,
                  ImageTokens imageTokens = {});

  // rowsPerImage: rows that each image takes, in the order of the images in the messages. Throws as turnsOf, Error{Unsupported}
  // when there are images and the tokenizer has no token for their rows, Error{InvalidInput} when a text holds that token.
  Prompt assemble(const std::vector<Message>& messages, std::span<const std::int64_t> rowsPerImage) const;

  // A text as it is, without template, with the tokenizer's own BOS: how base models are used.
  Prompt plain(const std::string& text) const;

 private:
  std::string expand(const std::string& rendered, std::span<const std::int64_t> rowsPerImage) const;
  std::vector<ImageSpan> spansOf(const std::vector<text::TokenId>& ids, std::span<const std::int64_t> rowsPerImage) const;

  const text::Tokenizer& tokenizer_;
  const text::ChatTemplate& template_;
  bool addSpecial_;
  ImageTokens imageTokens_;
};

}  // namespace orthoscribe::engine
