// SPDX-License-Identifier: GPL-2.0-or-later
// How a family speaks and sees: what of a model folder is not its weights.
#pragma once

#include <filesystem>
#include <memory>

#include "core/engine/model_card.h"
#include "core/engine/prompt.h"
#include "core/text/chat_template.h"
#include "core/text/tokenizer.h"
#include "core/vision/image_processor.h"

namespace orthoscribe::learn {

struct ModelVoice {
  engine::ModelCard card;
  std::unique_ptr<text::Tokenizer> tokenizer;
  std::unique_ptr<text::ChatTemplate> chatTemplate;
  std::unique_ptr<vision::ImageProcessor> processor;  // null: it sees no images

  // Throws as the parts do, naming the file.
  static ModelVoice load(const std::filesystem::path& folder, bool seesImages);

  engine::PromptAssembler assembler() const { return {*tokenizer, *chatTemplate, card.addSpecial, card.imageTokens}; }
};

}  // namespace orthoscribe::learn
