// SPDX-License-Identifier: GPL-2.0-or-later
// All parts of a model folder, loaded and fitting each other.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "core/engine/adapter_shelf.h"
#include "core/engine/answer_text.h"
#include "core/engine/aspects/aspect_set.h"
#include "core/engine/aspects/relevance_head.h"
#include "core/engine/model_card.h"
#include "core/engine/placement.h"
#include "core/engine/prompt.h"
#include "core/model/network.h"
#include "core/text/chat_template.h"
#include "core/text/tokenizer.h"
#include "core/vision/image_processor.h"

namespace orthoscribe::engine {

class LoadedModel {
 public:
  // adapters: folders of those at hand; the first is applied, besides one in the model folder itself. aspects: experts for the
  // parts of a description, which only those sequences go through that name them; may be null. offered: as AdapterShelf's. Throws
  // what the rooms throw: NotFound, InvalidInput, Unsupported, with the file or field.
  LoadedModel(const std::filesystem::path& folder, const std::vector<std::filesystem::path>& adapters, const Placement& placement,
              const AspectSet* aspects = nullptr, const std::vector<std::filesystem::path>& offered = {});

  const ModelCard& card() const { return card_; }
  // With the default adapter.
  const model::Network& network() const { return shelf_->network({}); }
  // With the experts of the aspects as its bank (AspectSet::bank); null when no set was given.
  const model::Network* aspectNetwork() const { return aspectNetwork_.get(); }
  // Null where the set has no such head.
  const RelevanceHead* relevanceHead() const { return relevance_ ? &*relevance_ : nullptr; }
  // The same base with each of its adapters.
  AdapterShelf& adapters() { return *shelf_; }
  const text::Tokenizer& tokenizer() const { return *tokenizer_; }
  const text::ChatTemplate& chatTemplate() const { return *template_; }
  // Throws Error{Unsupported} for a model that sees no images.
  const vision::ImageProcessor& imageProcessor() const;
  // With how many images one shares its tiles, in a conversation of `images`: ImageProcessor::process's imageCount.
  int sharing(std::size_t images) const { return card_.sharesTiles ? static_cast<int>(images) : 1; }
  const AnswerRules& answerRules() const { return rules_; }
  // A rendered prompt as the image encoder reads it: ids of the question's own tokenizer, int64 [T]. Empty for families whose
  // encoder sees the picture alone.
  at::Tensor questionOf(const std::string& renderedPrompt) const;
  PromptAssembler promptAssembler() const { return {*tokenizer_, *template_, card_.addSpecial, card_.imageTokens}; }

 private:
  ModelCard card_;
  std::unique_ptr<model::BaseModel> base_;
  std::unique_ptr<AdapterShelf> shelf_;
  std::unique_ptr<model::Network> aspectNetwork_;
  std::optional<RelevanceHead> relevance_;
  std::unique_ptr<text::Tokenizer> tokenizer_;
  std::unique_ptr<text::Tokenizer> questionTokenizer_;  // where the image encoder reads the question
  std::unique_ptr<text::ChatTemplate> template_;
  std::unique_ptr<vision::ImageProcessor> processor_;
  AnswerRules rules_;
};

// What ends an answer: the card's end tokens and the template's stop texts, as tokens where they are one.
AnswerRules answerRulesOf(const ModelCard& card, const text::Tokenizer& tokenizer, const text::ChatTemplate& chatTemplate);

}  // namespace orthoscribe::engine
