// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/conversation_lessons.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "core/base/error.h"
#include "core/learn/train/isolation_mask.h"

namespace orthoscribe::learn {
namespace {

// So many other samples are tried in place of a bad one.
constexpr std::int64_t kMostBad = 16;

Conversation withAnswer(Conversation conversation, const std::string& answer) {
  conversation.turns.back().text = answer;
  return conversation;
}

}  // namespace

ConversationLessons::ConversationLessons(const AdaptedModel& model, const ModelVoice& voice, std::unique_ptr<SampleSource> source,
                                         const StageConfig& stage, std::uint64_t seed)
    : model_(model),
      voice_(voice),
      source_(std::move(source)),
      stage_(stage),
      seed_(seed),
      pairs_(stage.kind == StageKind::Preference),
      answersApart_(model.network().traits().readsQuestion || model.decoder().routesBySequence() || !writesAnswers(voice)) {}

std::int64_t ConversationLessons::epochLength() const {
  return (source_->epochSize() + stage_.batch - 1) / stage_.batch;
}

void ConversationLessons::begin(std::int64_t first, std::int64_t stride) {
  prefetch_.reset();
  next_ = first;
  stride_ = stride;
  prefetch_.emplace([this, first, stride](std::int64_t index) { return read(first + index * stride); }, 0);
}

ConversationLessons::Read ConversationLessons::readAnswer(const LoadedSample& sample, const Conversation& conversation,
                                                          LearntTurns learnt) {
  Read read{.where = sample.where, .images = {}, .question = {}, .chosen = {}, .rejected = std::nullopt};
  const std::size_t count = std::min(sample.images.size(), conversation.images.size());
  if (count > 0 && !voice_.processor)
    throw Error(ErrorCode::Unsupported, "the model sees no pictures", "train it on text, or choose a model that sees");
  const auto sharing = voice_.card.sharesTiles ? static_cast<int>(count) : 1;
  std::vector<std::int64_t> rows;
  for (std::size_t image = 0; image < count; ++image) {
    read.images.push_back(voice_.processor->process(sample.images[image], sharing));
    rows.push_back(read.images.back().tokens);
  }
  if (count > 0 && model_.network().traits().readsQuestion) read.question = voice_.questionOf(askedText(conversation, voice_));
  read.chosen = tokensOf(conversation, voice_, rows, learnt, stage_.maxTokens);
  if (pairs_) read.rejected = tokensOf(withAnswer(conversation, *conversation.rejected), voice_, rows, learnt, stage_.maxTokens);
  return read;
}

// Nothing for a bad one.
std::vector<ConversationLessons::Read> ConversationLessons::readSample(std::int64_t number) {
  std::optional<LoadedSample> sample = source_->load(number);
  if (!sample || (pairs_ && !sample->conversation.rejected)) return {};
  try {
    if (!answersApart_) return {readAnswer(*sample, sample->conversation, pairs_ ? LearntTurns::Last : LearntTurns::All)};
    std::vector<Read> reads;
    for (const Conversation& one : answersApart(sample->conversation, voice_))
      if (!pairs_ || one.rejected) reads.push_back(readAnswer(*sample, one, LearntTurns::Last));
    return reads;
  } catch (const Error& error) {
    throw Error(error.code(), sample->where + ": " + error.message(), error.hint());
  }
}

std::vector<ConversationLessons::Read> ConversationLessons::read(std::int64_t number) {
  std::vector<Read> samples;
  for (std::int64_t slot = number * stage_.batch; slot < (number + 1) * stage_.batch; ++slot) {
    // In place of a bad one: what stands there in a later epoch.
    std::vector<Read> sample;
    for (std::int64_t attempt = 0; attempt < kMostBad && sample.empty(); ++attempt)
      sample = readSample(slot + attempt * source_->epochSize());
    std::ranges::move(sample, std::back_inserter(samples));
  }
  if (samples.empty())
    throw Error(ErrorCode::InvalidInput,
                pairs_ ? "the data hold no sample with a rejected answer" : "the data hold no sample that can be used",
                "look at the data of stage " + stage_.name);
  return samples;
}

torch::Tensor ConversationLessons::look(const Read& sample, const vision::ProcessedImage& image) const {
  try {
    std::vector<torch::Tensor> tiles;
    for (std::int64_t tile = 0; tile < image.pixelValues.size(0); ++tile)
      tiles.push_back(model_.network().look(image.pixelValues.narrow(0, tile, 1), sample.question));
    return at::cat(tiles);
  } catch (const Error& error) {
    throw Error(error.code(), sample.where + ": " + error.message(), error.hint());
  }
}

void ConversationLessons::load(std::int64_t number) {
  if (!prefetch_ || number != next_) begin(number, stride_);
  samples_ = prefetch_->next();
  next_ = number + stride_;
  number_ = number;
  place();
  seen_.reset();
  if (model_.trainsBase()) return;
  const at::NoGradGuard noGradients;
  seen_ = see();
}

std::vector<ConversationLessons::Sequence> ConversationLessons::sequences() const {
  std::vector<Sequence> sequences;
  for (std::size_t sample = 0; sample < samples_.size(); ++sample) {
    sequences.push_back({.tokens = &samples_[sample].chosen, .sample = sample, .counts = true});
    if (samples_[sample].rejected)
      sequences.push_back({.tokens = &*samples_[sample].rejected, .sample = sample, .counts = false});
  }
  return sequences;
}

void ConversationLessons::checkRows(const PackingPlan& plan) const {
  const model::RotaryConfig& rotary = model_.decoder().config().rotary;
  if (rotary.longFactors.empty() || plan.length() <= rotary.originalMaxPositions || sequences_.size() == 1) return;
  throw Error(ErrorCode::Unsupported,
              "a row of " + std::to_string(plan.length()) +
                  " tokens turns positions by other factors than a short one, so that samples of "
                  "differing length cannot share a batch",
              "set max_tokens to at most " + std::to_string(rotary.originalMaxPositions) + ", or batch to 1");
}

void ConversationLessons::place() {
  const model::Decoder& decoder = model_.decoder();
  sequences_ = sequences();
  std::vector<std::int64_t> lengths;
  for (const Sequence& sequence : sequences_) lengths.push_back(sequence.tokens->size());
  // No sequence is longer than a row: tokensOf() has cut it.
  const PackingPlan plan = stage_.packing ? packWindow(lengths, stage_.maxTokens) : rowEach(lengths);
  checkRows(plan);
  mask_.reset();
  if (plan.rows.size() < sequences_.size()) mask_ = isolationMask(plan, decoder.config().slidingWindow).to(decoder.device());
  for (std::size_t row = 0; row < plan.rows.size(); ++row) {
    for (const PackedPiece& piece : plan.rows[row].pieces) {
      sequences_[piece.sample].row = static_cast<std::int64_t>(row);
      sequences_[piece.sample].begin = piece.begin;
    }
  }

  const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(plan.rows.size()), plan.length()};
  std::vector<std::int64_t> axesShape = shape;
  if (decoder.hasPositionAxes()) axesShape.insert(axesShape.begin(), 3);
  positions_ = at::zeros(axesShape, at::kLong);
  ids_ = at::zeros(shape, at::kLong);
  batch_ = AnswerBatch{};
  batch_.isImage = at::zeros(shape, at::kBool);
  batch_.isText = at::zeros(shape, at::kBool);
  places_.clear();
  labels_.clear();
  answers_.clear();
  std::vector<float> weights;
  for (std::size_t index = 0; index < sequences_.size(); ++index) {
    const Sequence& sequence = sequences_[index];
    placeTokens(sequence, static_cast<std::int64_t>(index));
    batch_.names.push_back(samples_[sequence.sample].where + (sequence.counts ? "" : " (rejected)"));
    weights.resize(labels_.size(), sequence.counts ? 1.0F : 0.0F);
    if (!sequence.counts) batch_.pairs.emplace_back(index - 1, index);
  }
  const torch::Device device = decoder.device();
  batch_.answerCount = static_cast<std::int64_t>(sequences_.size());
  batch_.labels = at::tensor(labels_, at::kLong).to(device);
  batch_.answers = at::tensor(answers_, at::kLong).to(device);
  batch_.weights = at::tensor(weights, at::kFloat).to(device);
  placesTensor_ = at::tensor(places_, at::kLong).to(device);
  batch_.isImage = batch_.isImage.to(device);
  batch_.isText = batch_.isText.to(device);
  positions_ = positions_.to(device);
  ids_ = ids_.to(device);
}

void ConversationLessons::placeTokens(const Sequence& sequence, std::int64_t answer) {
  const ConversationTokens& tokens = *sequence.tokens;
  const auto rowOf = [&](const torch::Tensor& all) { return all[sequence.row].narrow(0, sequence.begin, tokens.size()); };
  rowOf(ids_).copy_(at::tensor(tokens.ids, at::kLong));
  std::vector<model::ImagePlace> images;
  for (std::size_t index = 0; index < tokens.spans.size(); ++index) {
    const engine::ImageSpan& span = tokens.spans[index];
    const vision::ProcessedImage& image = samples_[sequence.sample].images[index];
    if (sequence.counts) rowOf(batch_.isImage).narrow(0, span.begin, span.length).fill_(true);
    images.push_back({.begin = span.begin, .rows = image.tokenRows, .columns = image.tokenColumns});
  }
  if (sequence.counts) rowOf(batch_.isText).copy_(rowOf(batch_.isImage).logical_not());
  if (model_.decoder().hasPositionAxes())
    positions_.select(1, sequence.row)
        .narrow(1, sequence.begin, tokens.size())
        .copy_(model_.network().positionsOf(tokens.size(), images));
  else
    rowOf(positions_).copy_(at::arange(tokens.size()));
  const std::int64_t first = sequence.row * ids_.size(1) + sequence.begin;
  for (std::int64_t token = 1; token < tokens.size(); ++token) {
    if (!tokens.learnt[static_cast<std::size_t>(token)]) continue;
    places_.push_back(first + token - 1);
    labels_.push_back(tokens.ids[static_cast<std::size_t>(token)]);
    answers_.push_back(answer);
  }
}

// Differentiable in the base's weights, if gradients are taken.
ConversationLessons::Seen ConversationLessons::see() const {
  const model::Decoder& decoder = model_.decoder();
  const torch::Tensor words = decoder.embed(ids_);
  std::vector<std::vector<torch::Tensor>> looked(samples_.size());
  std::vector<PictureRows> pictures;
  for (const Sequence& sequence : sequences_) {
    const Read& sample = samples_[sequence.sample];
    std::vector<torch::Tensor>& images = looked[sequence.sample];
    for (std::size_t index = images.size(); index < sample.images.size(); ++index)
      images.push_back(look(sample, sample.images[index]));
    for (std::size_t index = 0; index < sequence.tokens->spans.size(); ++index) {
      const engine::ImageSpan& span = sequence.tokens->spans[index];
      if (images[index].size(0) != span.length)
        throw Error(ErrorCode::InvalidInput,
                    sample.where + ": the model gives " + std::to_string(images[index].size(0)) +
                        " rows for a picture, its preparation expects " + std::to_string(span.length),
                    "check the image fields of config.json");
      pictures.push_back({images[index], sequence.row * ids_.size(1) + sequence.begin + span.begin});
    }
  }
  const std::int64_t layers = model_.network().traits().hiddenSize / decoder.config().hidden - 1;
  return {.input = withPictures(words, pictures, layers), .instruction = instructions(words)};
}

// As the engine has it: the mean row of the prompt's words, what pictures show left out. words: [rows, length, hidden].
torch::Tensor ConversationLessons::instructions(const torch::Tensor& words) const {
  if (!model_.decoder().routesBySequence()) return {};
  const bool rowEach = ids_.size(0) == static_cast<std::int64_t>(sequences_.size());
  std::vector<torch::Tensor> means;
  const torch::Tensor whose = at::zeros({ids_.size(0), ids_.size(1)}, ids_.options());
  for (std::size_t index = 0; index < sequences_.size(); ++index) {
    const Sequence& sequence = sequences_[index];
    const std::vector<bool>& learnt = sequence.tokens->learnt;
    const std::int64_t asked = std::find(learnt.begin(), learnt.end(), true) - learnt.begin();
    torch::Tensor spoken = at::ones({asked}, at::kBool);
    for (const engine::ImageSpan& span : sequence.tokens->spans) spoken.narrow(0, span.begin, span.length).fill_(false);
    if (!spoken.any().item<bool>()) spoken.fill_(true);
    const torch::Tensor said = words[sequence.row].narrow(0, sequence.begin, asked);
    means.push_back(said.index_select(0, spoken.nonzero().squeeze(1).to(said.device())).to(at::kFloat).mean(0));
    whose[sequence.row].narrow(0, sequence.begin, sequence.tokens->size()).fill_(static_cast<std::int64_t>(index));
  }
  const torch::Tensor all = at::stack(means);
  if (rowEach) return all.unsqueeze(1);
  return all.index_select(0, whose.flatten()).view({ids_.size(0), ids_.size(1), all.size(1)});
}

AnswerBatch ConversationLessons::answer() {
  const model::Decoder& decoder = model_.decoder();
  AnswerBatch batch = batch_;
  if (model_.dropout() > 0) at::manual_seed(seed_ * 1000003 + static_cast<std::uint64_t>(number_));
  const Seen seen = seen_ ? *seen_ : see();
  const torch::Tensor hidden =
      decoder.forward(seen.input.embeddings, positions_, mask_, &batch.routings, seen.input.added, nullptr, seen.instruction);
  batch.logits = decoder.logits(hidden.flatten(0, 1).index_select(0, placesTensor_));
  return batch;
}

}  // namespace orthoscribe::learn
