// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/model_voice.h"

namespace orthoscribe::learn {

ModelVoice ModelVoice::load(const std::filesystem::path& folder, bool seesImages) {
  ModelVoice voice{.card = engine::readModelCard(folder),
                   .tokenizer = text::loadTokenizer(folder),
                   .chatTemplate = nullptr,
                   .processor = nullptr};
  voice.chatTemplate = text::chatTemplateNamed(voice.card.templateName, voice.card.systemMessage);
  if (seesImages) voice.processor = vision::loadImageProcessor(folder);
  return voice;
}

}  // namespace orthoscribe::learn
