// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/packed_lessons.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "core/base/error.h"

namespace orthoscribe::learn {
namespace {

constexpr std::string_view kMarker = "<image>";
constexpr std::int64_t kNoLabel = -100;

std::int64_t idOf(const text::Tokenizer& tokenizer, std::string_view token) {
  const auto id = tokenizer.idOf(token);
  if (!id) throw Error(ErrorCode::InvalidInput, "the tokenizer has no token " + std::string(token), "Train the tokenizer anew.");
  return *id;
}

std::string promptOf(const text::ChatTemplate& chatTemplate, const std::string& question) {
  return chatTemplate.render({{"user", std::string(kMarker) + "\n" + question}}, true);
}

// What follows the image when a question is asked about it, up to where the answer begins.
std::string askedBehindImage(const text::ChatTemplate& chatTemplate, const std::string& question) {
  const std::string prompt = promptOf(chatTemplate, question);
  return prompt.substr(prompt.find(kMarker) + kMarker.size());
}

template <typename Value>
torch::Tensor padded(const std::vector<std::vector<Value>>& rows, Value padding, at::ScalarType type) {
  std::size_t longest = 0;
  for (const auto& row : rows) longest = std::max(longest, row.size());
  torch::Tensor table =
      at::empty({static_cast<std::int64_t>(rows.size()), static_cast<std::int64_t>(longest)}, type).fill_(padding);
  for (std::size_t row = 0; row < rows.size(); ++row) {
    std::copy(rows[row].begin(), rows[row].end(), table[static_cast<std::int64_t>(row)].data_ptr<Value>());
  }
  return table;
}

}  // namespace

torch::Tensor PackedLessons::mask() const {
  const std::int64_t length = ids.size(1);
  const torch::Tensor order = at::arange(length, ids.options());
  const torch::Tensor earlier = order.unsqueeze(0).le(order.unsqueeze(1)).unsqueeze(0);
  const torch::Tensor seen = questions.unsqueeze(1);
  return earlier.logical_and(seen.eq(questions.unsqueeze(2)).logical_or(seen.eq(0)));
}

LessonPacker::LessonPacker(const text::Tokenizer& tokenizer, const text::ChatTemplate& chatTemplate, std::int64_t imageRows,
                           std::int64_t maxTextTokens)
    : tokenizer_(tokenizer),
      template_(chatTemplate),
      imageRows_(imageRows),
      maxTextTokens_(maxTextTokens),
      endToken_(idOf(tokenizer, chatTemplate.stopTexts().front())),
      padToken_(idOf(tokenizer, kPadToken)) {
  const std::string prompt = promptOf(chatTemplate, "");
  const std::string before = prompt.substr(0, prompt.find(kMarker)) + kImageBegin;
  head_ = tokenizer.encode(before, false);
  head_.insert(head_.end(), static_cast<std::size_t>(imageRows), idOf(tokenizer, kImageRow));
  const auto after = tokenizer.encode(kImageEnd, false);
  head_.insert(head_.end(), after.begin(), after.end());
}

void LessonPacker::append(Row& row, const QuestionAnswer& pair, std::int64_t question, std::size_t headLength) const {
  const auto asked = tokenizer_.encode(
      headLength > 0 ? askedBehindImage(template_, pair.question) : template_.render({{"user", pair.question}}, true), false);
  auto answer = tokenizer_.encode(pair.answer, false);
  answer.push_back(endToken_);
  const auto used = static_cast<std::int64_t>(row.ids.size() - headLength + asked.size());
  const auto room = static_cast<std::size_t>(std::max<std::int64_t>(0, maxTextTokens_ - used));
  if (room < 2) return;
  const std::size_t length = std::min(answer.size(), room);
  const auto weight = static_cast<float>(1 / std::sqrt(static_cast<double>(length)));
  for (std::size_t at = 0; at + 1 < asked.size() + length; ++at) {
    const bool answering = at + 1 >= asked.size();
    row.ids.push_back(at < asked.size() ? asked[at] : answer[at - asked.size()]);
    row.labels.push_back(answering ? answer[at + 1 - asked.size()] : kNoLabel);
    row.weights.push_back(answering ? weight : 0);
    row.questions.push_back(question);
    row.positions.push_back(static_cast<std::int64_t>(headLength + at));
  }
}

LessonPacker::Row LessonPacker::packOne(const std::vector<QuestionAnswer>& lesson, const std::vector<std::int64_t>& head) const {
  Row row;
  row.ids = head;
  row.labels.assign(head.size(), kNoLabel);
  row.weights.assign(head.size(), 0);
  row.questions.assign(head.size(), 0);
  for (std::size_t at = 0; at < head.size(); ++at) row.positions.push_back(static_cast<std::int64_t>(at));
  std::int64_t question = 0;
  for (const QuestionAnswer& pair : lesson) append(row, pair, ++question, head.size());
  return row;
}

PackedLessons LessonPacker::pack(const std::vector<std::vector<QuestionAnswer>>& lessons) const {
  PackedLessons packed = packAll(lessons, head_);
  packed.imageRows = imageRows_;
  packed.imageBegin = std::find(head_.begin(), head_.end(), idOf(tokenizer_, kImageRow)) - head_.begin();
  return packed;
}

PackedLessons LessonPacker::packTexts(const std::vector<std::vector<QuestionAnswer>>& lessons) const {
  return packAll(lessons, {});
}

std::int64_t LessonPacker::lengthOf(const QuestionAnswer& pair) const {
  const auto asked = tokenizer_.encode(askedBehindImage(template_, pair.question), false).size();
  return static_cast<std::int64_t>(asked + tokenizer_.encode(pair.answer, false).size() + 1);
}

PackedLessons LessonPacker::packAll(const std::vector<std::vector<QuestionAnswer>>& lessons,
                                    const std::vector<std::int64_t>& head) const {
  std::vector<std::vector<std::int64_t>> ids, labels, questions, positions;
  std::vector<std::vector<float>> weights;
  for (const auto& lesson : lessons) {
    Row row = packOne(lesson, head);
    ids.push_back(std::move(row.ids));
    labels.push_back(std::move(row.labels));
    questions.push_back(std::move(row.questions));
    positions.push_back(std::move(row.positions));
    weights.push_back(std::move(row.weights));
  }
  PackedLessons packed;
  packed.ids = padded(ids, padToken_, at::kLong);
  packed.labels = padded(labels, kNoLabel, at::kLong);
  packed.weights = padded(weights, 0.0F, at::kFloat);
  packed.questions = padded(questions, std::int64_t{-1}, at::kLong);
  packed.positions = padded(positions, std::int64_t{0}, at::kLong);
  return packed;
}

}  // namespace orthoscribe::learn
