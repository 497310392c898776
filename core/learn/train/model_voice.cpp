// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/model_voice.h"

#include <ATen/ops/tensor.h>

#include <vector>

namespace orthoscribe::learn {

ModelVoice ModelVoice::load(const std::filesystem::path& folder, const model::NetworkTraits& traits) {
  ModelVoice voice{.card = engine::readModelCard(folder),
                   .tokenizer = text::loadTokenizer(folder),
                   .chatTemplate = nullptr,
                   .processor = nullptr,
                   .questionTokenizer = nullptr};
  voice.chatTemplate = text::chatTemplateNamed(voice.card.templateName, voice.card.systemMessage);
  if (traits.seesImages) voice.processor = vision::loadImageProcessor(folder);
  if (traits.readsQuestion) voice.questionTokenizer = text::loadTokenizer(folder / "qformer_tokenizer");
  return voice;
}

torch::Tensor ModelVoice::questionOf(const std::string& renderedPrompt) const {
  std::vector<text::TokenId> ids;
  if (questionTokenizer) ids = questionTokenizer->encode(renderedPrompt, true);
  return at::tensor(ids, at::kLong);
}

}  // namespace orthoscribe::learn
