// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/conversation_lessons.h"

#include <ATen/ATen.h>

#include <algorithm>

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
      pairs_(stage.kind == StageKind::Preference) {
  if (model.network().traits().readsQuestion)
    throw Error(
        ErrorCode::Unsupported,
        "the family " + model.network().traits().family + " looks at a picture by its question and is not trained this way",
        "choose another family");
  if (model.decoder().routesBySequence())
    throw Error(ErrorCode::Unsupported, "a router that goes by the instruction is not trained this way",
                "give the adapter routers that go by the token");
}

std::int64_t ConversationLessons::epochLength() const {
  return (source_->epochSize() + stage_.batch - 1) / stage_.batch;
}

void ConversationLessons::begin(std::int64_t first, std::int64_t stride) {
  prefetch_.reset();
  next_ = first;
  stride_ = stride;
  prefetch_.emplace([this, first, stride](std::int64_t index) { return read(first + index * stride); }, 0);
}

std::optional<ConversationLessons::Read> ConversationLessons::readOne(std::int64_t number) {
  std::optional<LoadedSample> sample = source_->load(number);
  if (!sample || (pairs_ && !sample->conversation.rejected)) return std::nullopt;
  Read read{.where = sample->where, .images = {}, .chosen = {}, .rejected = std::nullopt};
  try {
    if (!sample->images.empty() && !voice_.processor)
      throw Error(ErrorCode::Unsupported, "the model sees no pictures", "train it on text, or choose a model that sees");
    const auto sharing = voice_.card.sharesTiles ? static_cast<int>(sample->images.size()) : 1;
    std::vector<std::int64_t> rows;
    for (const RgbImage& image : sample->images) {
      read.images.push_back(voice_.processor->process(image, sharing));
      rows.push_back(read.images.back().tokens);
    }
    const LearntTurns learnt = pairs_ ? LearntTurns::Last : LearntTurns::All;
    read.chosen = tokensOf(sample->conversation, voice_, rows, learnt, stage_.maxTokens);
    if (pairs_)
      read.rejected =
          tokensOf(withAnswer(sample->conversation, *sample->conversation.rejected), voice_, rows, learnt, stage_.maxTokens);
  } catch (const Error& error) {
    throw Error(error.code(), sample->where + ": " + error.message(), error.hint());
  }
  return read;
}

std::vector<ConversationLessons::Read> ConversationLessons::read(std::int64_t number) {
  std::vector<Read> samples;
  for (std::int64_t slot = number * stage_.batch; slot < (number + 1) * stage_.batch; ++slot) {
    // In place of a bad one: what stands there in a later epoch.
    std::optional<Read> sample;
    for (std::int64_t attempt = 0; attempt < kMostBad && !sample; ++attempt)
      sample = readOne(slot + attempt * source_->epochSize());
    if (sample) samples.push_back(std::move(*sample));
  }
  if (samples.empty())
    throw Error(ErrorCode::InvalidInput,
                pairs_ ? "the data hold no sample with a rejected answer" : "the data hold no sample that can be used",
                "look at the data of stage " + stage_.name);
  return samples;
}

std::vector<torch::Tensor> ConversationLessons::look(const Read& sample) const {
  std::vector<torch::Tensor> images;
  for (const vision::ProcessedImage& image : sample.images) {
    std::vector<torch::Tensor> tiles;
    for (std::int64_t tile = 0; tile < image.pixelValues.size(0); ++tile)
      tiles.push_back(model_.network().encodeImage(image.pixelValues.narrow(0, tile, 1)));
    images.push_back(at::cat(tiles));
  }
  return images;
}

void ConversationLessons::load(std::int64_t number) {
  if (!prefetch_ || number != next_) begin(number, stride_);
  const std::vector<Read> samples = prefetch_->next();
  next_ = number + stride_;
  number_ = number;
  std::vector<std::vector<torch::Tensor>> images;
  for (const Read& sample : samples) images.push_back(look(sample));
  std::vector<Sequence> sequences;
  for (std::size_t index = 0; index < samples.size(); ++index) {
    const Read& sample = samples[index];
    sequences.push_back({&sample.chosen, &images[index], &sample, true});
    if (sample.rejected) sequences.push_back({&*sample.rejected, &images[index], &sample, false});
  }
  place(sequences);
}

void ConversationLessons::checkRows(const PackingPlan& plan, std::size_t sequences) const {
  const model::RotaryConfig& rotary = model_.decoder().config().rotary;
  if (rotary.longFactors.empty() || plan.length() <= rotary.originalMaxPositions || sequences == 1) return;
  throw Error(ErrorCode::Unsupported,
              "a row of " + std::to_string(plan.length()) +
                  " tokens turns positions by other factors than a short one, so that samples of "
                  "differing length cannot share a batch",
              "set max_tokens to at most " + std::to_string(rotary.originalMaxPositions) + ", or batch to 1");
}

void ConversationLessons::place(const std::vector<Sequence>& sequences) {
  const at::NoGradGuard noGradients;
  const model::Decoder& decoder = model_.decoder();
  std::vector<std::int64_t> lengths;
  for (const Sequence& sequence : sequences) lengths.push_back(sequence.tokens->size());
  // No sequence is longer than a row: tokensOf() has cut it.
  const PackingPlan plan = stage_.packing ? packWindow(lengths, stage_.maxTokens) : rowEach(lengths);
  checkRows(plan, sequences.size());
  mask_.reset();
  if (plan.rows.size() < sequences.size()) mask_ = isolationMask(plan, decoder.config().slidingWindow).to(decoder.device());

  const std::vector<std::int64_t> shape = {static_cast<std::int64_t>(plan.rows.size()), plan.length()};
  std::vector<std::int64_t> axesShape = shape;
  if (decoder.hasPositionAxes()) axesShape.insert(axesShape.begin(), 3);
  positions_ = at::zeros(axesShape, at::kLong);
  embeddings_ = decoder.embed(at::zeros(shape, at::kLong).to(decoder.device()));
  const std::int64_t layers = model_.network().traits().hiddenSize / decoder.config().hidden - 1;
  added_.clear();
  for (std::int64_t layer = 0; layer < layers; ++layer) added_.push_back(at::zeros_like(embeddings_));
  batch_ = AnswerBatch{};
  batch_.isImage = at::zeros(shape, at::kBool);
  batch_.isText = at::zeros(shape, at::kBool);
  places_.clear();
  labels_.clear();
  answers_.clear();
  std::vector<std::int64_t> firsts(sequences.size());
  for (std::size_t row = 0; row < plan.rows.size(); ++row) {
    for (const PackedPiece& piece : plan.rows[row].pieces) {
      placeTokens(sequences[piece.sample], static_cast<std::int64_t>(row), piece.begin);
      firsts[piece.sample] = static_cast<std::int64_t>(row) * plan.length() + piece.begin;
    }
  }
  std::vector<float> weights;
  for (std::size_t index = 0; index < sequences.size(); ++index) {
    learn(sequences[index], firsts[index], static_cast<std::int64_t>(index));
    batch_.names.push_back(sequences[index].sample->where + (sequences[index].counts ? "" : " (rejected)"));
    weights.resize(labels_.size(), sequences[index].counts ? 1.0F : 0.0F);
    if (!sequences[index].counts) batch_.pairs.emplace_back(index - 1, index);
  }
  const torch::Device device = decoder.device();
  batch_.answerCount = static_cast<std::int64_t>(sequences.size());
  batch_.labels = at::tensor(labels_, at::kLong).to(device);
  batch_.answers = at::tensor(answers_, at::kLong).to(device);
  batch_.weights = at::tensor(weights, at::kFloat).to(device);
  placesTensor_ = at::tensor(places_, at::kLong).to(device);
  batch_.isImage = batch_.isImage.to(device);
  batch_.isText = batch_.isText.to(device);
  positions_ = positions_.to(device);
}

void ConversationLessons::placeTokens(const Sequence& sequence, std::int64_t row, std::int64_t begin) {
  const model::Decoder& decoder = model_.decoder();
  const ConversationTokens& tokens = *sequence.tokens;
  const std::int64_t hidden = decoder.config().hidden;
  const auto rowOf = [&](const torch::Tensor& all) { return all[row].narrow(0, begin, tokens.size()); };
  rowOf(embeddings_).copy_(decoder.embed(at::tensor(tokens.ids, at::kLong).to(decoder.device())));
  std::vector<model::ImagePlace> images;
  for (std::size_t index = 0; index < tokens.spans.size(); ++index) {
    const engine::ImageSpan& span = tokens.spans[index];
    const vision::ProcessedImage& image = sequence.sample->images[index];
    const torch::Tensor& rows = (*sequence.images)[index];
    if (rows.size(0) != span.length)
      throw Error(ErrorCode::InvalidInput,
                  sequence.sample->where + ": the model gives " + std::to_string(rows.size(0)) +
                      " rows for a picture, its preparation " + "expects " + std::to_string(span.length),
                  "check the image fields of config.json");
    rowOf(embeddings_).narrow(0, span.begin, span.length).copy_(rows.narrow(1, 0, hidden));
    for (std::size_t layer = 0; layer < added_.size(); ++layer)
      rowOf(added_[layer])
          .narrow(0, span.begin, span.length)
          .copy_(rows.narrow(1, hidden * (1 + static_cast<std::int64_t>(layer)), hidden));
    if (sequence.counts) rowOf(batch_.isImage).narrow(0, span.begin, span.length).fill_(true);
    images.push_back({.begin = span.begin, .rows = image.tokenRows, .columns = image.tokenColumns});
  }
  if (sequence.counts) rowOf(batch_.isText).copy_(rowOf(batch_.isImage).logical_not());
  if (decoder.hasPositionAxes())
    positions_.select(1, row).narrow(1, begin, tokens.size()).copy_(model_.network().positionsOf(tokens.size(), images));
  else
    rowOf(positions_).copy_(at::arange(tokens.size()));
}

void ConversationLessons::learn(const Sequence& sequence, std::int64_t first, std::int64_t answer) {
  const ConversationTokens& tokens = *sequence.tokens;
  for (std::int64_t token = 1; token < tokens.size(); ++token) {
    if (!tokens.learnt[static_cast<std::size_t>(token)]) continue;
    places_.push_back(first + token - 1);
    labels_.push_back(tokens.ids[static_cast<std::size_t>(token)]);
    answers_.push_back(answer);
  }
}

AnswerBatch ConversationLessons::answer() {
  const model::Decoder& decoder = model_.decoder();
  AnswerBatch batch = batch_;
  if (model_.dropout() > 0) at::manual_seed(seed_ * 1000003 + static_cast<std::uint64_t>(number_));
  const torch::Tensor hidden = decoder.forward(embeddings_, positions_, mask_, &batch.routings, added_);
  batch.logits = decoder.logits(hidden.flatten(0, 1).index_select(0, placesTensor_));
  return batch;
}

}  // namespace orthoscribe::learn
