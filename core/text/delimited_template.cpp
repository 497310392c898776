// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/delimited_template.h"

#include <utility>

#include "core/base/error.h"
#include "core/text/unicode.h"

namespace orthoscribe::text {

DelimitedTemplate::DelimitedTemplate(DelimitedForm form, std::string defaultSystem) : form_(std::move(form)) {
  if (!defaultSystem.empty()) form_.ownSystem = std::move(defaultSystem);
}

const RoleForm& DelimitedTemplate::formOf(const Turn& turn, bool isFirst) const {
  if (turn.role == "user") return turn.text.empty() && form_.emptyUser ? *form_.emptyUser : form_.user;
  if (turn.role == "assistant") return turn.text.empty() && form_.emptyAssistant ? *form_.emptyAssistant : form_.assistant;
  if (turn.role != "system") {
    throw Error(ErrorCode::InvalidInput, "role '" + turn.role + "' is not known to the chat template '" + form_.name + "'",
                "known roles: system, user, assistant");
  }
  if (!isFirst && !form_.systemAnywhere) {
    throw Error(ErrorCode::InvalidInput, "a system message can only be the first with the chat template '" + form_.name + "'");
  }
  return form_.system;
}

std::string DelimitedTemplate::write(const Turn& turn, bool isFirst) const {
  const RoleForm& form = formOf(turn, isFirst);
  return form.before + (form_.trimsTexts ? trimmed(turn.text) : turn.text) + form.after;
}

std::string DelimitedTemplate::render(const std::vector<Turn>& turns, bool addGenerationPrompt) const {
  std::string text = form_.beginning;
  if (form_.ownSystem && (turns.empty() || turns.front().role != "system")) text += write({"system", *form_.ownSystem}, true);
  for (const Turn& turn : turns) text += write(turn, &turn == &turns.front());
  return withImages(text) + (addGenerationPrompt ? form_.generationPrompt : form_.endWithoutPrompt);
}

std::string DelimitedTemplate::withImages(const std::string& text) const {
  constexpr std::string_view kMarker = "<image>";
  if (form_.image.empty()) return text;
  std::string written;
  std::size_t from = 0;
  int number = 0;
  for (std::size_t at = text.find(kMarker); at != std::string::npos; at = text.find(kMarker, from)) {
    written.append(text, from, at - from);
    if (form_.numbersImages) written += "Picture " + std::to_string(++number) + ": ";
    written += form_.image;
    from = at + kMarker.size();
  }
  return written.append(text, from);
}

std::string trimmed(const std::string& text) {
  const std::size_t front = leadingSpace(text);
  if (front == text.size()) return {};
  return text.substr(front, text.size() - front - trailingSpace(text));
}

}  // namespace orthoscribe::text
