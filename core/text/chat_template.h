// SPDX-License-Identifier: GPL-2.0-or-later
// Turns a conversation into the prompt a family was trained on. Few written forms, no template language.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace orthoscribe::text {

struct Turn {
  std::string role;  // "system", "user", "assistant"
  std::string text;  // with "<image>" where the images go
};

class ChatTemplate {
 public:
  virtual ~ChatTemplate() = default;
  virtual std::string_view name() const = 0;
  // Throws Error{InvalidInput} for roles or orders the template does not know.
  virtual std::string render(const std::vector<Turn>& turns, bool addGenerationPrompt) const = 0;
  // Texts at which an answer ends ("<|im_end|>").
  virtual std::vector<std::string> stopTexts() const = 0;
};

// By its name as in config.json "template" ("phi3-chat", "Hermes-2", "internlm2-chat", "internvl2_5", "internvl_zh") or a
// family's own ("qwen2", "qwen2_5_vl", "qwen3_vl", "internvl_hf", "instructblip", "phi3", "llama2", "llama3", "starter");
// "qwen2_5_vl_numbered" and "qwen3_vl_numbered" write "Picture 1: " before images. defaultSystem: used when the conversation has
// no system turn; empty: the template's own, if it has one. Throws Error{Unsupported} with the known names.
std::unique_ptr<ChatTemplate> chatTemplateNamed(std::string_view name, std::string defaultSystem = {});

}  // namespace orthoscribe::text
