// SPDX-License-Identifier: GPL-2.0-or-later
// The chat templates that put fixed text before and after each turn: all of them but Llama 2's.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/text/chat_template.h"

namespace orthoscribe::text {

struct RoleForm {
  std::string before;
  std::string after;
};

struct DelimitedForm {
  std::string name;
  RoleForm system;
  RoleForm user;
  RoleForm assistant;
  std::string generationPrompt;
  std::vector<std::string> stops;

  std::string beginning = {};                           // once, before the first turn
  std::string endWithoutPrompt = {};                    // once, when no generation prompt follows
  std::optional<std::string> ownSystem = std::nullopt;  // when neither the conversation nor the model's config has a system text
  std::optional<RoleForm> emptyUser = std::nullopt;     // a turn without text, where it is written differently
  std::optional<RoleForm> emptyAssistant = std::nullopt;
  std::string image = "<image>";  // stands in the text for an image
  std::string imageNumber = {};   // before its number and ": ", where images are numbered
  bool trimsTexts = false;
  bool systemAnywhere = false;  // otherwise only as the first turn
};

class DelimitedTemplate : public ChatTemplate {
 public:
  DelimitedTemplate(DelimitedForm form, std::string defaultSystem);

  std::string_view name() const override { return form_.name; }
  std::string render(const std::vector<Turn>& turns, bool addGenerationPrompt) const override;
  std::string imageMark(std::size_t number, bool numbered) const override;
  std::vector<std::string> stopTexts() const override { return form_.stops; }

 private:
  const RoleForm& formOf(const Turn& turn, bool isFirst) const;
  std::string write(const Turn& turn, bool isFirst) const;

  DelimitedForm form_;
};

// White space taken from both ends: what Python takes for it.
std::string trimmed(const std::string& text);

}  // namespace orthoscribe::text
