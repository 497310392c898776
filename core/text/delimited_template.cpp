// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/text/delimited_template.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "core/base/error.h"
#include "core/text/unicode.h"

namespace orthoscribe::text {
namespace {

// Python's str.strip(), which the templates call, takes the information separators for white space; Unicode does not.
bool isSeparator(char byte) {
  return byte >= 0x1C && byte <= 0x1F;
}

}  // namespace

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
  return text + (addGenerationPrompt ? form_.generationPrompt : form_.endWithoutPrompt);
}

std::string DelimitedTemplate::imageMark(std::size_t number, bool numbered) const {
  if (!numbered || form_.imageNumber.empty()) return form_.image;
  return form_.imageNumber + std::to_string(number) + ": " + form_.image;
}

std::string trimmed(const std::string& text) {
  std::string_view rest = text;
  while (const std::size_t length = rest.empty() ? 0 : std::max<std::size_t>(leadingSpace(rest), isSeparator(rest.front())))
    rest.remove_prefix(length);
  while (const std::size_t length = rest.empty() ? 0 : std::max<std::size_t>(trailingSpace(rest), isSeparator(rest.back())))
    rest.remove_suffix(length);
  return std::string(rest);
}

}  // namespace orthoscribe::text
