// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/conversation_tokens.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

// A part of the rendered conversation, with the tokens of images in place.
struct Piece {
  std::string text;
  bool learnt = false;
};

std::size_t markersIn(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = text.find(kImageMarker); at != std::string_view::npos; at = text.find(kImageMarker, at + 1)) ++count;
  return count;
}

std::size_t markersIn(const Conversation& conversation) {
  std::size_t count = 0;
  for (const Turn& turn : conversation.turns) count += markersIn(turn.text);
  return count;
}

// The pictures go to the turns that mark them, else to the first question. Only how many they are counts for the text.
std::vector<Message> messagesOf(const Conversation& conversation, std::size_t turns) {
  std::vector<Message> messages;
  bool placed = markersIn(conversation) > 0 || conversation.images.empty();
  for (std::size_t index = 0; index < turns; ++index) {
    const Turn& turn = conversation.turns[index];
    std::size_t images = markersIn(turn.text);
    if (!placed && turn.role == Role::User) {
      images = conversation.images.size();
      placed = true;
    }
    messages.push_back({.role = turn.role, .text = turn.text, .images = std::vector<RgbImage>(images)});
  }
  return messages;
}

std::size_t endOfAnswer(const std::string& text, const std::vector<std::string>& stops) {
  std::size_t first = std::string::npos, end = std::string::npos;
  for (const std::string& stop : stops) {
    const std::size_t at = text.find(stop);
    if (at >= first) continue;
    first = at;
    end = at + stop.size();
  }
  return end;
}

void checkEndsWithAnswer(const Conversation& conversation) {
  const std::vector<Turn>& said = conversation.turns;
  if (said.size() < 2 || said.back().role != Role::Assistant)
    throw Error(ErrorCode::InvalidInput, "the conversation does not end with an answer", "leave it out of the training data");
}

// Without the last answer, which its question asks for.
std::vector<text::Turn> askedTurns(const Conversation& conversation, const ModelVoice& voice) {
  return engine::turnsOf(messagesOf(conversation, conversation.turns.size() - 1), *voice.chatTemplate);
}

std::vector<Piece> piecesOf(const Conversation& conversation, const ModelVoice& voice, LearntTurns learnt) {
  checkEndsWithAnswer(conversation);
  std::vector<text::Turn> turns = askedTurns(conversation, voice);
  const std::string& last = conversation.turns.back().text;
  if (!writesAnswers(voice))
    return {{.text = voice.chatTemplate->render(turns, true), .learnt = false}, {.text = last, .learnt = true}};
  turns.push_back({"assistant", last});
  std::vector<Piece> pieces;
  std::string known;
  for (std::size_t index = 0; index < turns.size(); ++index) {
    if (turns[index].role != "assistant") continue;
    const std::string prompt =
        voice.chatTemplate->render({turns.begin(), turns.begin() + static_cast<std::ptrdiff_t>(index)}, true);
    const std::string whole =
        voice.chatTemplate->render({turns.begin(), turns.begin() + static_cast<std::ptrdiff_t>(index) + 1}, false);
    if (!prompt.starts_with(known) || !whole.starts_with(prompt))
      throw Error(
          ErrorCode::Unsupported,
          "the chat template '" + std::string(voice.chatTemplate->name()) + "' writes an answer otherwise than it asks for it",
          "train with conversations of one question and one answer");
    const std::string answer = whole.substr(prompt.size());
    pieces.push_back({.text = prompt.substr(known.size()), .learnt = false});
    pieces.push_back({.text = answer.substr(0, endOfAnswer(answer, voice.chatTemplate->stopTexts())),
                      .learnt = learnt == LearntTurns::All || index + 1 == turns.size()});
    known = prompt + pieces.back().text;
  }
  return pieces;
}

std::size_t marksIn(const std::string& text, const std::string& mark) {
  std::size_t count = 0;
  for (std::size_t at = text.find(mark); at != std::string::npos; at = text.find(mark, at + mark.size())) ++count;
  return count;
}

void expandImages(std::vector<Piece>& pieces, const ModelVoice& voice, std::span<const std::int64_t> rowsPerImage) {
  if (rowsPerImage.empty() || voice.card.imageTokens.beforeText) return;
  const engine::PromptAssembler assembler = voice.assembler();
  for (Piece& piece : pieces) {
    const std::size_t count = piece.learnt ? 0 : std::min(marksIn(piece.text, voice.card.imageTokens.mark), rowsPerImage.size());
    piece.text = assembler.expand(piece.text, rowsPerImage.first(count));
    rowsPerImage = rowsPerImage.subspan(count);
  }
}

// Nothing where a token reaches over the end of a piece.
bool tokenisedWhole(const std::vector<Piece>& pieces, const ModelVoice& voice, ConversationTokens& tokens) {
  std::string text;
  for (const Piece& piece : pieces) text += piece.text;
  tokens.ids = voice.tokenizer->encode(text, voice.card.addSpecial);
  tokens.learnt.clear();
  text.clear();
  for (const Piece& piece : pieces) {
    text += piece.text;
    const std::vector<text::TokenId> soFar = voice.tokenizer->encode(text, voice.card.addSpecial);
    if (soFar.size() > tokens.ids.size() || !std::equal(soFar.begin(), soFar.end(), tokens.ids.begin())) return false;
    tokens.learnt.resize(soFar.size(), piece.learnt);
  }
  return tokens.learnt.size() == tokens.ids.size();
}

void tokeniseByPieces(const std::vector<Piece>& pieces, const ModelVoice& voice, ConversationTokens& tokens) {
  tokens = {};
  for (const Piece& piece : pieces) {
    const std::vector<text::TokenId> ids = voice.tokenizer->encode(piece.text, tokens.ids.empty() && voice.card.addSpecial);
    tokens.ids.insert(tokens.ids.end(), ids.begin(), ids.end());
    tokens.learnt.resize(tokens.ids.size(), piece.learnt);
  }
}

bool endsByItself(const Piece& answer, const ModelVoice& voice) {
  return endOfAnswer(answer.text, voice.chatTemplate->stopTexts()) != std::string::npos;
}

// Behind an answer that does not end by itself.
std::optional<text::TokenId> endTokenOf(const ModelVoice& voice) {
  for (const std::string& stop : voice.chatTemplate->stopTexts())
    if (const std::optional<text::TokenId> id = voice.tokenizer->idOf(stop)) return id;
  if (voice.card.endTokens.empty()) return std::nullopt;
  return voice.card.endTokens.front();
}

// Where a picture's rows come first of all: rsmoe_and_metrics.md section 3.10.
void putImageFirst(ConversationTokens& tokens, const ModelVoice& voice, std::span<const std::int64_t> rowsPerImage) {
  if (rowsPerImage.empty() || !voice.card.imageTokens.beforeText) return;
  const std::string& row = voice.card.imageTokens.row;
  const std::optional<text::TokenId> id = voice.tokenizer->idOf(row);
  if (rowsPerImage.size() > 1 || !id)
    throw Error(ErrorCode::Unsupported,
                id ? "the conversation has " + std::to_string(rowsPerImage.size()) + " pictures, this model takes one"
                   : "the model's tokenizer has no token " + row + " to put pictures in place of",
                "leave it out of the training data, or choose another model");
  const auto rows = static_cast<std::size_t>(rowsPerImage.front());
  tokens.ids.insert(tokens.ids.begin(), rows, *id);
  tokens.learnt.insert(tokens.learnt.begin(), rows, false);
}

void cut(ConversationTokens& tokens, std::int64_t maxTokens) {
  if (tokens.size() <= maxTokens) return;
  for (const engine::ImageSpan& span : tokens.spans) {
    if (span.begin + span.length > maxTokens)
      throw Error(ErrorCode::InvalidInput,
                  "its pictures reach to token " + std::to_string(span.begin + span.length) + ", max_tokens is " +
                      std::to_string(maxTokens),
                  "raise max_tokens, or use fewer or smaller pictures");
  }
  tokens.ids.resize(static_cast<std::size_t>(maxTokens));
  tokens.learnt.resize(static_cast<std::size_t>(maxTokens));
}

}  // namespace

bool writesAnswers(const ModelVoice& voice) {
  try {
    voice.chatTemplate->render({{"user", "?"}, {"assistant", "!"}}, false);
    return true;
  } catch (const Error&) {
    return false;
  }
}

std::vector<Conversation> answersApart(const Conversation& conversation, const ModelVoice& voice) {
  checkEndsWithAnswer(conversation);
  const bool alone = !writesAnswers(voice);
  std::vector<Conversation> apart;
  for (std::size_t turn = 0; turn < conversation.turns.size(); ++turn) {
    if (conversation.turns[turn].role != Role::Assistant) continue;
    Conversation one = conversation;
    const auto begin = one.turns.begin();
    one.turns = {alone && turn > 0 ? begin + static_cast<std::ptrdiff_t>(turn) - 1 : begin,
                 begin + static_cast<std::ptrdiff_t>(turn) + 1};
    if (turn + 1 < conversation.turns.size()) one.rejected.reset();
    // Pictures that are marked further on were not there yet.
    if (!alone && markersIn(conversation) > 0) one.images.resize(std::min(one.images.size(), markersIn(one)));
    apart.push_back(std::move(one));
  }
  return apart;
}

std::string askedText(const Conversation& conversation, const ModelVoice& voice) {
  checkEndsWithAnswer(conversation);
  return voice.chatTemplate->render(askedTurns(conversation, voice), true);
}

ConversationTokens tokensOf(const Conversation& conversation, const ModelVoice& voice, std::span<const std::int64_t> rowsPerImage,
                            LearntTurns learnt, std::int64_t maxTokens) {
  std::vector<Piece> pieces = piecesOf(conversation, voice, learnt);
  expandImages(pieces, voice, rowsPerImage);
  ConversationTokens tokens;
  // A template that writes no answers is followed by one, not continued by it.
  const bool whole = writesAnswers(voice) && tokenisedWhole(pieces, voice, tokens);
  if (!whole) tokeniseByPieces(pieces, voice, tokens);
  // The last answer must be learnt to end, also where the template writes nothing behind it.
  if (const auto end = endsByItself(pieces.back(), voice) ? std::nullopt : endTokenOf(voice)) {
    tokens.ids.push_back(*end);
    tokens.learnt.push_back(true);
  }
  putImageFirst(tokens, voice, rowsPerImage);
  if (!rowsPerImage.empty()) tokens.spans = voice.assembler().spansOf(tokens.ids, rowsPerImage);
  cut(tokens, maxTokens);
  return tokens;
}

}  // namespace orthoscribe::learn
