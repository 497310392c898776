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

namespace orthoscribe::learn {
namespace {

constexpr std::size_t kRememberedImages = 256;
constexpr std::int64_t kRouter = 3;
constexpr std::int64_t kFusion = 4;
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
  for (const Conversation& conversation : conversations) {
    if (!model_.relevance() || conversation.task != kAspectTask || conversation.images.empty()) continue;
    const std::int64_t expert = expertOfType(conversation.type);
    Spoken& spoken = spoken_[conversation.images];
    if (expert < kAspects) ++spoken.times[static_cast<std::size_t>(expert)];
    // There is one for each caption.
    if (expert == kFusion) ++spoken.captions;
  }
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
AspectLessons::Picture AspectLessons::pictureOf(const std::string& image, int sharing, const std::string& rendered) {
  const engine::LoadedModel& loaded = model_.loaded();
  const bool reads = model_.network().traits().readsQuestion;
  Picture picture{.span = {},
                  .key = image + "\n" + std::to_string(sharing) + (reads ? "\n" + rendered : ""),
                  .encoded = {},
                  .pixels = std::nullopt,
                  .question = loaded.questionOf(rendered)};
  if (const auto known = images_.find(picture.key); known != images_.end()) {
    picture.encoded = known->second;
    return picture;
  }
  picture.pixels = loaded.imageProcessor().process(readImageFile(options_.imageRoot / image), sharing);
  picture.encoded = {.rows = {}, .gridRows = picture.pixels->tokenRows, .gridColumns = picture.pixels->tokenColumns};
  return picture;
}

std::vector<AspectLessons::Picture> AspectLessons::picturesOf(const Conversation& conversation, const std::string& rendered) {
  const int sharing = model_.loaded().sharing(conversation.images.size());
  std::vector<Picture> pictures;
  for (const std::string& image : conversation.images) pictures.push_back(pictureOf(image, sharing, rendered));
  return pictures;
}

torch::Tensor AspectLessons::look(const Picture& picture) {
  if (picture.encoded.rows.defined()) return picture.encoded.rows;
  if (const auto known = images_.find(picture.key); known != images_.end()) return known->second.rows;
  std::vector<torch::Tensor> tiles;
  for (std::int64_t tile = 0; tile < picture.pixels->pixelValues.size(0); ++tile)
    tiles.push_back(model_.network().look(picture.pixels->pixelValues.narrow(0, tile, 1), picture.question));
  const torch::Tensor rows = at::cat(tiles);
  if (model_.trainsBase()) return rows;
  if (images_.size() >= kRememberedImages) images_.clear();
  Encoded encoded = picture.encoded;
  encoded.rows = rows;
  images_[picture.key] = encoded;
  return rows;
}

torch::Tensor AspectLessons::concernsOf(const Conversation& conversation, std::int64_t expert) const {
  // Where it is served, the head sees pictures as the wish looks at them.
  const bool byWish = expert == AspectModel::kDense || expert == kRouter || expert == kFusion;
  const auto found = spoken_.find(conversation.images);
  if (!model_.relevance() || found == spoken_.end() || (model_.network().traits().readsQuestion && !byWish)) return {};
  const Spoken& spoken = found->second;
  const double captions = std::max(spoken.captions, *std::ranges::max_element(spoken.times));
  if (captions == 0) return {};
  torch::Tensor shares = at::zeros({kAspects}, at::kFloat);
  for (std::int64_t aspect = 0; aspect < kAspects; ++aspect)
    shares[aspect] = spoken.times[static_cast<std::size_t>(aspect)] / captions;
  return shares.to(model_.decoder().device());
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
  Row row;
  row.pictures = picturesOf(conversation, assembler.render(looked));
  std::vector<std::int64_t> counts;
  for (const Picture& picture : row.pictures) counts.push_back(picture.tokens());
  const engine::Prompt prompt = assembler.assemble(messages, counts);
  for (std::size_t i = 0; i < row.pictures.size(); ++i) row.pictures[i].span = prompt.images[i];
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
  row.ids.assign(prompt.ids.begin(), prompt.ids.end());
  row.ids.insert(row.ids.end(), answer.begin(), answer.end() - 1);
  row.labels.assign(answer.begin(), answer.end());
  row.answerBegin = asked - 1;
  row.expert = expertOf(conversation, options_.stage);
  row.name = conversation.id;
  row.concerns = row.pictures.empty() ? torch::Tensor() : concernsOf(conversation, row.expert);
  return row;
}

void AspectLessons::load(std::int64_t number) {
  if (model_.trainsBase()) images_.clear();
  rows_.clear();
  for (const std::size_t index : rowsOf(number)) rows_.push_back(rowOf(conversations_[index]));
  std::ranges::stable_sort(rows_, {}, &Row::expert);
  place();
  seen_.reset();
  if (model_.trainsBase()) return;
  const at::NoGradGuard noGradients;
  seen_ = see();
}

// Padding stands behind, where nothing that counts can look.
void AspectLessons::place() {
  const model::Decoder& decoder = model_.decoder();
  std::int64_t longest = 0;
  for (const Row& row : rows_) longest = std::max(longest, static_cast<std::int64_t>(row.ids.size()));
  const auto count = static_cast<std::int64_t>(rows_.size());
  ids_ = at::zeros({count, longest}, at::kLong);
  positions_ = decoder.hasPositionAxes() ? at::zeros({model::kPositionAxes, count, longest}, at::kLong) : at::arange(longest);
  for (std::int64_t i = 0; i < count; ++i) {
    const Row& row = rows_[static_cast<std::size_t>(i)];
    const auto length = static_cast<std::int64_t>(row.ids.size());
    ids_[i].narrow(0, 0, length).copy_(at::tensor(row.ids, at::kLong));
    if (!decoder.hasPositionAxes()) continue;
    std::vector<model::ImagePlace> places;
    for (const Picture& picture : row.pictures)
      places.push_back({.begin = picture.span.begin, .rows = picture.encoded.gridRows, .columns = picture.encoded.gridColumns});
    positions_.select(1, i).narrow(1, 0, length).copy_(model_.network().positionsOf(length, places));
  }
  ids_ = ids_.to(decoder.device());
  positions_ = positions_.to(decoder.device());
}

// Differentiable in what of the base learns, if gradients are taken.
AspectLessons::Seen AspectLessons::see() {
  const model::Decoder& decoder = model_.decoder();
  std::vector<PictureRows> pictures;
  std::vector<torch::Tensor> judged;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    std::vector<torch::Tensor> own;
    for (const Picture& picture : row.pictures) {
      own.push_back(look(picture));
      if (own.back().size(0) != picture.span.length)
        throw Error(ErrorCode::InvalidInput,
                    row.name + ": the model gives " + std::to_string(own.back().size(0)) +
                        " rows for a picture, its preparation expects " + std::to_string(picture.span.length),
                    "check the image fields of config.json");
      pictures.push_back({own.back(), static_cast<std::int64_t>(i) * ids_.size(1) + picture.span.begin});
    }
    if (row.concerns.defined()) judged.push_back(at::cat(own));
  }
  const std::int64_t layers = model_.network().traits().hiddenSize / decoder.config().hidden - 1;
  return {.input = withPictures(decoder.embed(ids_), pictures, layers), .judged = std::move(judged)};
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

// What the head says of the pictures, which it learns while they are looked at once.
void AspectLessons::judge(const Seen& seen, AnswerBatch& batch) const {
  if (!model_.relevance()) return;
  std::vector<torch::Tensor> said, truth;
  for (const torch::Tensor& rows : seen.judged) said.push_back(model_.relevance()->logits(rows));
  for (const Row& row : rows_)
    if (row.concerns.defined()) truth.push_back(row.concerns);
  const torch::Tensor none = at::zeros({0, kAspects}, batch.logits.options());
  batch.relevance = said.empty() ? none : at::stack(said);
  batch.concerns = truth.empty() ? none : at::stack(truth);
}

AnswerBatch AspectLessons::answer() {
  const model::Decoder& decoder = model_.decoder();
  const std::int64_t length = ids_.size(1);
  std::vector<model::ExpertRows> experts;
  std::vector<std::int64_t> places, labels, answers;
  AnswerBatch batch;
  for (std::size_t i = 0; i < rows_.size(); ++i) {
    const Row& row = rows_[i];
    experts.push_back({.count = length, .expert = row.expert});
    const std::int64_t begin = static_cast<std::int64_t>(i) * length + row.answerBegin;
    for (std::size_t token = 0; token < row.labels.size(); ++token) {
      places.push_back(begin + static_cast<std::int64_t>(token));
      answers.push_back(static_cast<std::int64_t>(i));
    }
    labels.insert(labels.end(), row.labels.begin(), row.labels.end());
    batch.names.push_back(row.name);
  }
  const torch::Device device = decoder.device();
  const model::RowExperts rows(experts, device);
  const Seen seen = seen_ ? *seen_ : see();
  const torch::Tensor hidden =
      decoder.forward(seen.input.embeddings, positions_, std::nullopt, nullptr, seen.input.added, &rows).flatten(0, 1);
  batch.logits = decoder.logits(hidden.index_select(0, tensorOf(places, at::kLong, device)));
  batch.labels = tensorOf(labels, at::kLong, device);
  batch.answers = tensorOf(answers, at::kLong, device);
  batch.answerCount = static_cast<std::int64_t>(rows_.size());
  weigh(batch);
  judge(seen, batch);
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
