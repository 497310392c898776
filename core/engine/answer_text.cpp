// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/answer_text.h"

#include <algorithm>
#include <utility>

#include "core/base/text_encoding.h"

namespace orthoscribe::engine {
namespace {

constexpr const char* kWhiteSpace = " \t\r\n";

}  // namespace

AnswerText::AnswerText(const text::Tokenizer& tokenizer, const AnswerRules& rules, const std::vector<std::string>& stops)
    : tokenizer_(tokenizer), rules_(rules) {
  for (const auto* list : {&stops, &rules.endTexts})
    for (const std::string& stop : *list)
      if (!stop.empty()) stops_.push_back(stop);
}

std::vector<GeneratedToken> AnswerText::add(text::TokenId id, GeneratedToken scored) {
  bytes_ += bytesOf(id);
  const std::size_t whole = completeUtf8Length(bytes_);
  scored.text = dropLeadingSpace(repairUtf8(std::string_view(bytes_).substr(0, whole)));
  bytes_.erase(0, whole);
  held_ += scored.text;
  waiting_.push_back(std::move(scored));
  if (cutAtStop()) {
    stopped_ = true;
    return release(held_.size());
  }
  return release(settledLength());
}

std::vector<GeneratedToken> AnswerText::finish() {
  if (!stopped_ && !bytes_.empty() && !waiting_.empty()) {
    const std::string rest = repairUtf8(bytes_);
    waiting_.back().text += rest;
    held_ += rest;
  }
  bytes_.clear();
  return release(held_.size());
}

bool AnswerText::stopsAt(std::span<const text::TokenId> ids, text::TokenId next) const {
  std::size_t longest = 0;
  for (const std::string& stop : stops_) longest = std::max(longest, stop.size());
  if (longest == 0) return false;
  const std::string added = bytesOf(next);
  std::string tail = added;
  std::size_t before = ids.size();
  while (before > 0 && tail.size() < added.size() + longest) tail.insert(0, bytesOf(ids[--before]));
  if (before == 0) tail.erase(0, std::min(tail.find_first_not_of(kWhiteSpace), tail.size()));
  return std::ranges::any_of(stops_, [&](const std::string& stop) {
    const std::size_t at = tail.rfind(stop);
    return at != std::string::npos && at + stop.size() + added.size() > tail.size();
  });
}

std::string AnswerText::bytesOf(text::TokenId id) const {
  return tokenizer_.tokenBytes(id, rules_.shownSpecial.contains(id));
}

std::string AnswerText::textOf(text::TokenId id) const {
  return repairUtf8(tokenizer_.tokenBytes(id, true));
}

bool AnswerText::cutAtStop() {
  std::size_t first = std::string::npos;
  for (const std::string& stop : stops_) first = std::min(first, held_.find(stop));
  if (first == std::string::npos) return false;
  held_.resize(first);
  bytes_.clear();
  std::size_t length = 0;
  std::size_t kept = 0;
  while (kept < waiting_.size() && length < first) {
    std::string& text = waiting_[kept++].text;
    text.resize(std::min(text.size(), first - length));
    length += text.size();
  }
  waiting_.resize(kept);
  return true;
}

// Everything before the longest end of held_ that may still grow into a stop string.
std::size_t AnswerText::settledLength() const {
  std::size_t settled = held_.size();
  for (const std::string& stop : stops_) {
    for (std::size_t length = std::min(stop.size() - 1, held_.size()); length > 0; --length) {
      if (!held_.ends_with(std::string_view(stop).substr(0, length))) continue;
      settled = std::min(settled, held_.size() - length);
      break;
    }
  }
  return settled;
}

std::vector<GeneratedToken> AnswerText::release(std::size_t length) {
  std::vector<GeneratedToken> out;
  std::size_t given = 0;
  // The last token waits for the rest of its code point, so that finish() has a token to give it to.
  while (waiting_.size() > (bytes_.empty() ? 0 : 1) && given + waiting_.front().text.size() <= length) {
    given += waiting_.front().text.size();
    out.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  held_.erase(0, given);
  return out;
}

std::string AnswerText::dropLeadingSpace(std::string text) {
  if (begun_) return text;
  const std::size_t start = text.find_first_not_of(kWhiteSpace);
  if (start == std::string::npos) return {};
  begun_ = true;
  return text.substr(start);
}

}  // namespace orthoscribe::engine
