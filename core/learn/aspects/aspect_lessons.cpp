// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/aspects/aspect_lessons.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <array>
#include <numeric>
#include <random>
#include <utility>

#include "core/base/error.h"
#include "core/base/image_codec.h"
#include "core/engine/aspects/aspect_instructions.h"
#include "core/engine/sequence.h"

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kRememberedImages = 256;
constexpr std::array<double, kAspectExperts> kCoefficients = {1.0, 1.0, 1.0, 0.5, 1.0};

bool isOfStage(const Conversation& conversation, AspectStage stage) {
  return conversation.task == (stage == AspectStage::Dense ? std::string_view("caption") : kAspectTask);
}

std::int64_t expertOf(const Conversation& conversation, AspectStage stage) {
  return stage == AspectStage::Dense ? AspectModel::kDense : expertOfType(conversation.type);
}

// The conversation up to its last answer.
std::vector<Message> askedIn(const Conversation& conversation) {
  std::vector<Message> messages;
  for (std::size_t i = 0; i + 1 < conversation.turns.size(); ++i)
    messages.push_back({.role = conversation.turns[i].role, .text = conversation.turns[i].text, .images = {}});
  return messages;
}

// What ends an answer: the template's own mark where it is one token.
std::int64_t endTokenOf(const engine::LoadedModel& loaded) {
  for (const std::string& stop : loaded.chatTemplate().stopTexts())
    if (const auto id = loaded.tokenizer().idOf(stop)) return static_cast<std::int64_t>(*id);
  const std::vector<text::TokenId>& ends = loaded.card().endTokens;
  if (!ends.empty()) return static_cast<std::int64_t>(ends.front());
  throw Error(ErrorCode::Unsupported, "the model " + loaded.card().name + " names no token that ends an answer",
              "put eos_token_id into its generation_config.json");
}

template <typename Value>
torch::Tensor tensorOf(const std::vector<Value>& values, torch::ScalarType type, torch::Device device) {
  return at::tensor(values, type).to(device);
}

}  // namespace

AspectLessons::AspectLessons(AspectModel& model, std::vector<Conversation> conversations, AspectLessonOptions options)
    : model_(model), options_(std::move(options)) {
  for (Conversation& conversation : conversations) {
    if (!isOfStage(conversation, options_.stage)) continue;
    expertOf(conversation, options_.stage);
    if (conversation.turns.size() < 2 || conversation.turns.back().role != Role::Assistant)
      throw Error(ErrorCode::InvalidInput, "the conversation " + conversation.id + " does not end with an answer");
    conversations_.push_back(std::move(conversation));
  }
  if (conversations_.empty())
    throw Error(ErrorCode::InvalidInput,
                std::string("there is no conversation of the task '") +
                    (options_.stage == AspectStage::Dense ? "caption" : "aspect") + "' to train with",
                "make some with 'orthoscribe data aspects'");
  endToken_ = endTokenOf(model_.loaded());
}

std::int64_t AspectLessons::epochLength() const {
  return (static_cast<std::int64_t>(conversations_.size()) + options_.batch - 1) / options_.batch;
}

std::vector<std::size_t> AspectLessons::rowsOf(std::int64_t number) const {
  const std::int64_t epoch = number / epochLength();
  std::vector<std::size_t> order(conversations_.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::mt19937_64 random(options_.seed * 0x9E3779B97F4A7C15ULL + static_cast<std::uint64_t>(epoch));
  // std::shuffle is another one on every platform.
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random() % i]);
  const auto begin = static_cast<std::size_t>((number % epochLength()) * options_.batch);
  const std::size_t end = std::min(order.size(), begin + static_cast<std::size_t>(options_.batch));
  return {order.begin() + static_cast<std::ptrdiff_t>(begin), order.begin() + static_cast<std::ptrdiff_t>(end)};
}

// rendered: the prompt, for towers that read it.
torch::Tensor AspectLessons::imageRows(const std::string& image, const std::string& rendered) {
  const engine::LoadedModel& loaded = model_.loaded();
  const bool reads = model_.network().traits().readsQuestion;
  const std::string key = image + (reads ? "\n" + rendered : "");
  if (const auto known = images_.find(key); known != images_.end()) return known->second;
  const vision::ProcessedImage pixels = loaded.imageProcessor().process(readImageFile(options_.imageRoot / image), 1);
  std::vector<torch::Tensor> tiles;
  for (std::int64_t tile = 0; tile < pixels.pixelValues.size(0); ++tile)
    tiles.push_back(model_.network().encodeImageFor(pixels.pixelValues.narrow(0, tile, 1), loaded.questionOf(rendered)));
  if (images_.size() >= kRememberedImages) images_.clear();
  return images_[key] = at::cat(tiles);
}

AspectLessons::Row AspectLessons::rowOf(const Conversation& conversation) {
  std::vector<Message> messages = askedIn(conversation);
  // The pictures themselves are encoded apart; their number is what a prompt needs.
  const auto first = std::ranges::find(messages, Role::User, &Message::role);
  if (first != messages.end()) first->images.resize(conversation.images.size());
  const engine::PromptAssembler assembler = model_.loaded().promptAssembler();
  // As the engine does it: what the router and the fusion are told is not about what to look for.
  std::vector<Message> looked = messages;
  looked.back().text = engine::wishIn(looked.back().text);
  const std::string rendered = assembler.render(looked);
  std::vector<torch::Tensor> rows;
  std::vector<std::int64_t> counts;
  for (const std::string& image : conversation.images) {
    rows.push_back(imageRows(image, rendered));
    counts.push_back(rows.back().size(0));
  }
  engine::Prompt prompt = assembler.assemble(messages, counts);
  std::vector<text::TokenId> answer = model_.loaded().tokenizer().encode(conversation.turns.back().text, false);
  answer.push_back(static_cast<text::TokenId>(endToken_));
  const auto asked = static_cast<std::int64_t>(prompt.ids.size());
  const std::int64_t room = std::min(options_.maxTokens, model_.network().traits().maxPositions) - asked;
  if (room < 1)
    throw Error(ErrorCode::InvalidInput,
                "the prompt of conversation " + conversation.id + " takes " + std::to_string(asked) +
                    " tokens, more than there is room for",
                "raise max_tokens, or leave it out");
  if (static_cast<std::int64_t>(answer.size()) > room) answer.resize(static_cast<std::size_t>(room));

  engine::SequenceInput input{.ids = std::move(prompt.ids), .images = {}};
  for (std::size_t i = 0; i < rows.size(); ++i) input.images.push_back({.span = prompt.images[i], .hash = {}, .rows = rows[i]});
  input.ids.insert(input.ids.end(), answer.begin(), answer.end() - 1);
  return {.embeddings = engine::embed(model_.network(), input, 0, static_cast<std::int64_t>(input.ids.size())),
          .labels = {answer.begin(), answer.end()},
          .answerBegin = asked - 1,
          .expert = expertOf(conversation, options_.stage),
          .name = conversation.id};
}

void AspectLessons::load(std::int64_t number) {
  const at::NoGradGuard noGradients;
  rows_.clear();
  for (const std::size_t index : rowsOf(number)) rows_.push_back(rowOf(conversations_[index]));
  std::ranges::stable_sort(rows_, {}, &Row::expert);
}

void AspectLessons::weigh(AnswerBatch& batch) const {
  std::map<std::int64_t, double> tokens;
  for (const Row& row : rows_) tokens[row.expert] += static_cast<double>(row.labels.size());
  std::vector<float> weights;
  for (const Row& row : rows_) {
    const double coefficient = row.expert == AspectModel::kDense ? 1.0 : kCoefficients[static_cast<std::size_t>(row.expert)];
    weights.insert(weights.end(), row.labels.size(), static_cast<float>(coefficient / tokens[row.expert]));
  }
  batch.weights = tensorOf(weights, at::kFloat, batch.logits.device());
}

AnswerBatch AspectLessons::answer() {
  const model::Decoder& decoder = model_.decoder();
  std::int64_t longest = 0;
  for (const Row& row : rows_) longest = std::max(longest, row.embeddings.size(0));
  std::vector<torch::Tensor> padded;
  std::vector<model::ExpertRows> experts;
  std::vector<std::int64_t> places, labels, answers;
  AnswerBatch batch;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    // Padding stands behind, where nothing that counts can look.
    padded.push_back(at::constant_pad_nd(row.embeddings, {0, 0, 0, longest - row.embeddings.size(0)}));
    experts.push_back({.count = longest, .expert = row.expert});
    const std::int64_t begin = static_cast<std::int64_t>(i) * longest + row.answerBegin;
    for (std::size_t token = 0; token < row.labels.size(); ++token) {
      places.push_back(begin + static_cast<std::int64_t>(token));
      answers.push_back(static_cast<std::int64_t>(i));
    }
    labels.insert(labels.end(), row.labels.begin(), row.labels.end());
    batch.names.push_back(row.name);
  }
  const torch::Device device = decoder.device();
  const model::RowExperts rows(experts, device);
  const torch::Tensor positions = at::arange(longest, at::TensorOptions().dtype(at::kLong).device(device));
  const torch::Tensor hidden = decoder.forward(at::stack(padded), positions, std::nullopt, nullptr, {}, &rows).flatten(0, 1);
  batch.logits = decoder.logits(hidden.index_select(0, tensorOf(places, at::kLong, device)));
  batch.labels = tensorOf(labels, at::kLong, device);
  batch.answers = tensorOf(answers, at::kLong, device);
  batch.answerCount = static_cast<std::int64_t>(rows_.size());
  weigh(batch);
  return batch;
}

std::vector<Conversation> readConversations(const std::filesystem::path& file) {
  SkipReport report;
  ConversationReader reader(file, report);
  std::vector<Conversation> conversations;
  while (auto conversation = reader.next()) conversations.push_back(std::move(*conversation));
  return conversations;
}

}  // namespace orthoscribe::learn
