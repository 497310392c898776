// SPDX-License-Identifier: GPL-2.0-or-later
// From messages with images to token ids with places for the images' rows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/text/chat_template.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::engine {

// What stands around and in place of an image; as in InternVL-chat (skynova.md section 1.4).
struct ImageTokens {
  std::string mark = "<image>";  // marks the place in the rendered text
  std::string begin = "<img>";
  std::string row = "<IMG_CONTEXT>";  // once for each of the image's rows
  std::string end = "</img>";
  bool beforeText = false;  // one image, whose rows stand before the whole prompt, its BOS included (rsmoe_and_metrics.md 3.10)
};

// Places of one image's rows: ids [begin, begin + length).
struct ImageSpan {
  std::int64_t begin = 0;
  std::int64_t length = 0;
};

struct Prompt {
  std::string text;  // as rendered, marks of images not yet expanded
  std::vector<text::TokenId> ids;
  std::vector<ImageSpan> images;  // in the order of the images in the messages
};

// Checks roles and markers and writes the template's mark for each "<image>" of a message, and before the text where a message
// has images but no marker. Templates that leave the tokens to us (their mark is "<image>") have it on a line of its own, and as
// "Image-1: <image>" and so on for several (skynova.md 7.3). Throws Error{InvalidInput}: no message, the last one not from the
// user, markers and images of a message do not match.
std::vector<text::Turn> turnsOf(const std::vector<Message>& messages, const text::ChatTemplate& chatTemplate);

class PromptAssembler {
 public:
  // Keeps references; addSpecial: whether the tokenizer's own BOS is put in front of the rendered text.
  PromptAssembler(const text::Tokenizer& tokenizer, const text::ChatTemplate& chatTemplate, bool addSpecial,
                  ImageTokens imageTokens = {});

  // The conversation as the family's template writes it, images marked. Throws as turnsOf and the template.
  std::string render(const std::vector<Message>& messages) const;

  // rowsPerImage: rows that each image takes, in the order of the images in the messages. Throws as turnsOf, Error{Unsupported}
  // when there are images and the tokenizer has no token for their rows, or more images than the family can take,
  // Error{InvalidInput} when a text holds that token.
  Prompt assemble(const std::vector<Message>& messages, std::span<const std::int64_t> rowsPerImage) const;

  // A rendered text with the tokens of its images in place of their marks, and where these came to stand in its ids. Not for
  // families whose images stand before the text. Throw as assemble.
  std::string expand(const std::string& rendered, std::span<const std::int64_t> rowsPerImage) const;
  std::vector<ImageSpan> spansOf(const std::vector<text::TokenId>& ids, std::span<const std::int64_t> rowsPerImage) const;

  // A text as it is, without template, with the tokenizer's own BOS: how base models are used.
  Prompt plain(const std::string& text) const;

 private:
  text::TokenId rowToken() const;
  std::vector<text::TokenId> idsAfterRows(const std::string& rendered, std::span<const std::int64_t> rowsPerImage) const;

  const text::Tokenizer& tokenizer_;
  const text::ChatTemplate& template_;
  bool addSpecial_;
  ImageTokens imageTokens_;
};

}  // namespace orthoscribe::engine
