// SPDX-License-Identifier: GPL-2.0-or-later
// How a family speaks and sees: what of a model folder is not its weights.
#pragma once

#include <torch/types.h>

#include <filesystem>
#include <memory>
#include <string>

#include "core/engine/model_card.h"
#include "core/engine/prompt.h"
#include "core/model/network.h"
#include "core/text/chat_template.h"
#include "core/text/tokenizer.h"
#include "core/vision/image_processor.h"

namespace orthoscribe::learn {

struct ModelVoice {
  engine::ModelCard card;
  std::unique_ptr<text::Tokenizer> tokenizer;
  std::unique_ptr<text::ChatTemplate> chatTemplate;
  std::unique_ptr<vision::ImageProcessor> processor;   // null: it sees no images
  std::unique_ptr<text::Tokenizer> questionTokenizer;  // null: it looks at pictures without reading what is asked

  // Throws as the parts do, naming the file.
  static ModelVoice load(const std::filesystem::path& folder, const model::NetworkTraits& traits);

  // A rendered prompt as the image encoder reads it, int64 [T]; empty where it does not (engine::LoadedModel::questionOf).
  torch::Tensor questionOf(const std::string& renderedPrompt) const;

  engine::PromptAssembler assembler() const { return {*tokenizer, *chatTemplate, card.addSpecial, card.imageTokens}; }
};

}  // namespace orthoscribe::learn
