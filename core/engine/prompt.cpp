// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/prompt.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::engine {
namespace {

constexpr std::string_view kMarker = "<image>";

std::size_t countMarkers(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(kMarker); at != std::string_view::npos; at = text.find(kMarker, at + kMarker.size())) ++count;
  return count;
}

const char* roleName(Role role) {
  switch (role) {
    case Role::System:
      return "system";
    case Role::User:
      return "user";
    case Role::Assistant:
      return "assistant";
  }
  return "user";
}

std::string withMarkers(const Message& message, bool onLines) {
  const std::size_t images = message.images.size();
  const std::size_t markers = countMarkers(message.text);
  if (markers == images) return message.text;
  if (markers > 0)
    throw Error(ErrorCode::InvalidInput,
                "a message has " + std::to_string(images) + " images, but its text marks " + std::to_string(markers) +
                    " places with <image>",
                "write <image> once for each image, or not at all");
  std::string text;
  if (!onLines) {
    for (std::size_t i = 0; i < images; ++i) text += kMarker;
    return text + message.text;
  }
  if (images == 1) return std::string(kMarker) + "\n" + message.text;
  for (std::size_t i = 0; i < images; ++i) text += "Image-" + std::to_string(i + 1) + ": " + std::string(kMarker) + "\n";
  return text + message.text;
}

}  // namespace

std::vector<text::Turn> turnsOf(const std::vector<Message>& messages, bool onLines) {
  if (messages.empty()) throw Error(ErrorCode::InvalidInput, "the conversation has no message", "ask something");
  if (messages.back().role != Role::User)
    throw Error(ErrorCode::InvalidInput, "the last message of the conversation is not the user's",
                "end the conversation with a question");
  std::vector<text::Turn> turns;
  turns.reserve(messages.size());
  for (const Message& message : messages) turns.push_back({roleName(message.role), withMarkers(message, onLines)});
  return turns;
}

PromptAssembler::PromptAssembler(const text::Tokenizer& tokenizer, const text::ChatTemplate& chatTemplate, bool addSpecial,
                                 ImageTokens imageTokens)
    : tokenizer_(tokenizer), template_(chatTemplate), addSpecial_(addSpecial), imageTokens_(std::move(imageTokens)) {}

Prompt PromptAssembler::assemble(const std::vector<Message>& messages, std::span<const std::int64_t> rowsPerImage) const {
  Prompt prompt;
  prompt.text = template_.render(turnsOf(messages, imageTokens_.onLines), true);
  prompt.ids = tokenizer_.encode(rowsPerImage.empty() ? prompt.text : expand(prompt.text, rowsPerImage), addSpecial_);
  prompt.images = spansOf(prompt.ids, rowsPerImage);
  return prompt;
}

Prompt PromptAssembler::plain(const std::string& text) const {
  return {.text = text, .ids = tokenizer_.encode(text, true), .images = {}};
}

std::string PromptAssembler::expand(const std::string& rendered, std::span<const std::int64_t> rowsPerImage) const {
  std::string expanded;
  std::size_t from = 0;
  for (const std::int64_t rows : rowsPerImage) {
    const std::size_t at = rendered.find(imageTokens_.marker, from);
    if (at == std::string::npos)
      throw Error(ErrorCode::Internal, "the chat template '" + std::string(template_.name()) + "' lost the place of an image");
    expanded.append(rendered, from, at - from);
    expanded += imageTokens_.begin;
    for (std::int64_t row = 0; row < rows; ++row) expanded += imageTokens_.row;
    expanded += imageTokens_.end;
    from = at + imageTokens_.marker.size();
  }
  return expanded.append(rendered, from);
}

std::vector<ImageSpan> PromptAssembler::spansOf(const std::vector<text::TokenId>& ids,
                                                std::span<const std::int64_t> rowsPerImage) const {
  std::vector<ImageSpan> spans;
  if (rowsPerImage.empty()) return spans;
  const std::optional<text::TokenId> row = tokenizer_.idOf(imageTokens_.row);
  if (!row)
    throw Error(ErrorCode::Unsupported, "the model's tokenizer has no token " + imageTokens_.row + " to put images in place of",
                "ask without images, or choose a model that sees");
  std::int64_t at = 0;
  const auto size = static_cast<std::int64_t>(ids.size());
  for (const std::int64_t rows : rowsPerImage) {
    while (at < size && ids[static_cast<std::size_t>(at)] != *row) ++at;
    spans.push_back({at, rows});
    at = std::min(at + rows, size);
  }
  const auto expected = [&] {
    std::int64_t sum = 0;
    for (const std::int64_t rows : rowsPerImage) sum += rows;
    return sum;
  }();
  if (std::count(ids.begin(), ids.end(), *row) != expected)
    throw Error(ErrorCode::InvalidInput, "the text of a message holds " + imageTokens_.row + ", which is kept for images",
                "remove it from the text");
  return spans;
}

}  // namespace orthoscribe::engine
