// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/loaded_model.h"

#include <ATen/ops/tensor.h>

#include "core/base/error.h"
#include "core/model/families/families.h"

namespace orthoscribe::engine {

namespace fs = std::filesystem;

AnswerRules answerRulesOf(const ModelCard& card, const text::Tokenizer& tokenizer, const text::ChatTemplate& chatTemplate) {
  AnswerRules rules;
  rules.endTokens.insert(card.endTokens.begin(), card.endTokens.end());
  for (const std::string& stop : chatTemplate.stopTexts()) {
    if (const std::optional<text::TokenId> id = tokenizer.idOf(stop))
      rules.endTokens.insert(*id);
    else
      rules.endTexts.push_back(stop);
  }
  for (const std::string& token : card.shownSpecial)
    if (const std::optional<text::TokenId> id = tokenizer.idOf(token)) rules.shownSpecial.insert(*id);
  return rules;
}

LoadedModel::LoadedModel(const fs::path& folder, const std::vector<fs::path>& adapters, const Placement& placement,
                         const AspectSet* aspects, const std::vector<fs::path>& offered)
    : card_(readModelCard(folder)),
      // First of all, because an unknown family is the clearest thing to say about a folder.
      base_(std::make_unique<model::BaseModel>(folder, placement.device, placement.precision,
                                               aspects ? aspects->visual : fs::path())),
      shelf_(std::make_unique<AdapterShelf>(*base_, adapters, offered)),
      tokenizer_(text::loadTokenizer(folder)),
      template_(text::chatTemplateNamed(card_.templateName, card_.systemMessage)),
      rules_(answerRulesOf(card_, *tokenizer_, *template_)) {
  if (network().traits().seesImages) processor_ = vision::loadImageProcessor(folder);
  if (aspects) {
    aspectNetwork_ = base_->network({}, false, aspects->bank());
    if (!aspects->relevance.empty())
      relevance_.emplace(aspects->relevance, aspectNetwork_->traits().hiddenSize,
                         static_cast<std::int64_t>(aspects->aspects.size()), placement.device);
  }
  // Where Hugging Face's InstructBLIP folders have it.
  if (network().traits().readsQuestion) questionTokenizer_ = text::loadTokenizer(folder / "qformer_tokenizer");
}

at::Tensor LoadedModel::questionOf(const std::string& renderedPrompt) const {
  std::vector<text::TokenId> ids;
  if (questionTokenizer_) ids = questionTokenizer_->encode(renderedPrompt, true);
  return at::tensor(ids, at::kLong);
}

const vision::ImageProcessor& LoadedModel::imageProcessor() const {
  if (processor_) return *processor_;
  throw Error(ErrorCode::Unsupported, "the model " + card_.name + " sees no images",
              "choose a model that does, or ask without images");
}

}  // namespace orthoscribe::engine
