// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/local_model.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <c10/util/Exception.h>

#include <mutex>
#include <optional>
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/base/log.h"
#include "core/engine/answer_run.h"
#include "core/engine/aspects/aspect_description.h"
#include "core/engine/aspects/model_source.h"
#include "core/engine/content_hash.h"
#include "core/engine/generator.h"
#include "core/engine/image_cache.h"
#include "core/engine/loaded_model.h"
#include "core/engine/placement.h"
#include "core/engine/routing_tally.h"
#include "core/engine/thread_choice.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;

Placement plan(const fs::path& folder, const LoadOptions& options) {
  const WeightSizes sizes = weightSizes(folder);
  const Placement placement = choosePlacement(options.device, options.precision, sizes);
  const auto available = availableMemory();
  if (placement.device.is_cpu() && available) checkFitsMemory(sizes, placement, *available);
  static const int cores = at::get_num_threads();
  at::set_num_threads(chooseThreads(options.threads, sizes, cores));
  return placement;
}

// What libtorch throws, in our words.
[[noreturn]] void rethrow(const c10::Error& error) {
  const std::string what = error.what_without_backtrace();
  const bool memory = dynamic_cast<const c10::OutOfMemoryError*>(&error) || what.find("allocate memory") != std::string::npos;
  if (memory)
    throw Error(ErrorCode::Unavailable, "there is not enough memory for this question",
                "ask about a smaller area or fewer images, or close other programs");
  throw Error(ErrorCode::Internal, "libtorch failed: " + what.substr(0, what.find('\n')));
}

class LocalModel : public VisionLanguageModel {
 public:
  explicit LocalModel(const LoadOptions& options)
      : source_(findModelSource(options.model, options.adapters)),
        placement_(plan(source_.base, options)),
        model_(source_.base, source_.adapters, placement_, source_.aspects ? &*source_.aspects : nullptr, options.offered),
        network_(&model_.network()),
        generator_(std::in_place, *network_, model_.tokenizer(), model_.answerRules(), model_.card().generation) {}

  Reply chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
             const CancelToken& cancel) override {
    const std::lock_guard lock(mutex_);
    const at::NoGradGuard noGradients;
    try {
      return answer(messages, options, onToken, cancel);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::Cancelled) throw;
      Reply reply;
      reply.stopReason = StopReason::Cancelled;
      return reply;
    } catch (const c10::Error& error) {
      rethrow(error);
    }
  }

  ModelInfo info() override {
    // Not the lock of chat(): who asks for this must not wait for an answer that is being written.
    const std::lock_guard lock(hashMutex_);
    // Hashing gigabytes takes a while, and not everybody asks.
    if (hash_.empty()) hash_ = contentHash(source_.base, source_.besides);
    const ModelCard& card = model_.card();
    return ModelInfo{.name = source_.name.empty() ? card.name : source_.name,
                     .family = card.family,
                     .dialect = card.dialect,
                     .contentHash = hash_,
                     .precision = placement_.precisionName(),
                     .device = placement_.deviceName(),
                     .adapters = model_.network().traits().adapters,
                     .imageSidePx = card.imageSidePx,
                     .groundResolutionM = card.groundResolutionM,
                     .classes = card.classes,
                     .resize = card.resize,
                     .offeredAdapters = model_.adapters().names(),
                     .aspects = namesOfExperts()};
  }

 private:
  class Listening {
   public:
    Listening(Generator& generator, const model::Observer& observer) : generator_(generator) {
      generator_.setObserver(&observer);
    }
    ~Listening() { generator_.setObserver(nullptr); }
    Listening(const Listening&) = delete;
    Listening& operator=(const Listening&) = delete;

   private:
    Generator& generator_;
  };

  std::vector<std::string> namesOfExperts() const {
    std::vector<std::string> names;
    if (!source_.aspects) return names;
    for (const Aspect& aspect : source_.aspects->aspects)
      if (!aspect.adapter.empty()) names.push_back(aspect.name);
    return names;
  }

  const model::Network* networkFor(const GenerationOptions& options) {
    if (!options.aspects || !source_.aspects) return &model_.adapters().network(options.adapter);
    if (options.adapter.empty()) return model_.aspectNetwork();
    throw Error(ErrorCode::InvalidInput, "a description by aspects with the adapter '" + options.adapter + "' cannot be made",
                "the experts of the aspects are adapters themselves: leave one of the two out");
  }

  // Each network has its own keys and values, of which only those in use are kept.
  void choose(const model::Network* chosen, bool afresh) {
    if (chosen == network_ && !afresh) return;
    network_ = chosen;
    generator_.emplace(*network_, model_.tokenizer(), model_.answerRules(), model_.card().generation);
  }

  Reply answer(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
               const CancelToken& cancel) {
    // Routers are only heard where something is computed.
    choose(networkFor(options), options.routing);
    if (!options.routing) return write(messages, options, onToken, cancel);
    RoutingTally tally;
    const model::Observer observer = tally.observer();
    const Listening listening(*generator_, observer);
    Reply reply = write(messages, options, onToken, cancel);
    reply.routing = tally.statistics();
    return reply;
  }

  Reply write(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
              const CancelToken& cancel) {
    if (!options.aspects) return generator_->answer(prepare(messages, cancel), options, onToken, cancel);
    AspectWriter writer;
    writer.write = [&](std::vector<AspectRow> rows) { return writeTogether(std::move(rows), cancel); };
    if (model_.relevanceHead())
      writer.judge = [&](const std::vector<Message>& conversation) { return relevanceOf(conversation, cancel); };
    return describeByAspects(source_.aspects ? *source_.aspects : plainAspects(), messages, options, writer, onToken);
  }

  std::vector<Reply> writeTogether(std::vector<AspectRow> rows, const CancelToken& cancel) {
    std::vector<RowRequest> requests;
    for (AspectRow& row : rows) {
      requests.push_back({.prompt = prepare(row.messages, cancel, row.question), .options = std::move(row.options)});
      requests.back().prompt.expert = row.expert;
    }
    return generator_->answerTogether(std::move(requests), cancel);
  }

  // Nothing where there is no image to judge by.
  std::vector<double> relevanceOf(const std::vector<Message>& messages, const CancelToken& cancel) {
    std::vector<at::Tensor> rows;
    for (const ImageRows& image : prepare(messages, cancel).images) rows.push_back(image.rows);
    return rows.empty() ? std::vector<double>() : model_.relevanceHead()->of(at::cat(rows));
  }

  struct Picture {
    std::string hash;
    std::optional<EncodedImage> encoded;           // where it was encoded before
    std::optional<vision::ProcessedImage> pixels;  // else
    at::Tensor question;                           // that its rows depend on, or nothing
    std::int64_t rowCount() const { return encoded ? encoded->rows.size(0) : pixels->tokens; }
  };

  // Adapters of the vision tower see with other eyes.
  std::string eyes() const {
    std::string names;
    if (network_->traits().adaptersChangeImages)
      for (const std::string& name : network_->traits().adapters) names += " " + name;
    return names;
  }

  Picture pictureOf(const RgbImage& image, int count, const at::Tensor& question) {
    if (image.empty()) throw Error(ErrorCode::InvalidInput, "an image of the conversation is empty");
    Picture picture{
        .hash = imageHash(image, count) + eyes(), .encoded = std::nullopt, .pixels = std::nullopt, .question = question};
    for (std::int64_t i = 0; i < question.numel(); ++i) picture.hash += ' ' + std::to_string(question[i].item<std::int64_t>());
    picture.encoded = images_.find(picture.hash);
    if (!picture.encoded) picture.pixels = model_.imageProcessor().process(image, count);
    return picture;
  }

  // A rendered prompt as the encoder reads it, with other words at its end where they are given.
  at::Tensor questionOf(std::vector<Message> messages, const std::string& question) const {
    if (!question.empty()) messages.back().text = question;
    return model_.questionOf(model_.promptAssembler().render(messages));
  }

  std::vector<Picture> picturesOf(const std::vector<Message>& messages, const CancelToken& cancel, const std::string& asked) {
    std::size_t count = 0;
    for (const Message& message : messages) count += message.images.size();
    if (count > 0 && !model_.network().traits().seesImages) model_.imageProcessor();
    if (count == 0) return {};
    const at::Tensor question = questionOf(messages, asked);
    std::vector<Picture> pictures;
    for (const Message& message : messages) {
      for (const RgbImage& image : message.images) {
        cancel.throwIfCancelled();
        pictures.push_back(pictureOf(image, model_.sharing(count), question));
      }
    }
    return pictures;
  }

  // Tile by tile; between them, and wherever the tower shows what it has got so far, a cancel is noticed.
  EncodedImage encode(const Picture& picture, const CancelToken& cancel) {
    const at::Tensor& pixels = picture.pixels->pixelValues;
    const model::Observer watch = [&](std::string_view, const at::Tensor&) { cancel.throwIfCancelled(); };
    std::vector<at::Tensor> rows;
    for (std::int64_t tile = 0; tile < pixels.size(0); ++tile) {
      cancel.throwIfCancelled();
      rows.push_back(network_->encodeImageFor(pixels.narrow(0, tile, 1), picture.question, &watch));
    }
    const at::Tensor whole = at::cat(rows);
    if (whole.size(0) != picture.pixels->tokens)
      throw Error(ErrorCode::InvalidInput,
                  "the model gives " + std::to_string(whole.size(0)) + " rows for an image, its preparation expects " +
                      std::to_string(picture.pixels->tokens),
                  "check the image fields of config.json");
    const EncodedImage encoded{.rows = whole, .gridRows = picture.pixels->tokenRows, .gridColumns = picture.pixels->tokenColumns};
    images_.put(picture.hash, encoded);
    return encoded;
  }

  // question: what the pictures are looked at with, where that is not what the messages say.
  SequenceInput prepare(const std::vector<Message>& messages, const CancelToken& cancel, const std::string& question = {}) {
    const std::vector<Picture> pictures = picturesOf(messages, cancel, question);
    std::vector<std::int64_t> rowCounts;
    for (const Picture& picture : pictures) rowCounts.push_back(picture.rowCount());
    Prompt prompt = model_.promptAssembler().assemble(messages, rowCounts);
    checkPromptFits(*network_, static_cast<std::int64_t>(prompt.ids.size()));
    SequenceInput input{.ids = std::move(prompt.ids), .images = {}};
    for (std::size_t i = 0; i < pictures.size(); ++i) {
      const EncodedImage image = pictures[i].encoded ? *pictures[i].encoded : encode(pictures[i], cancel);
      input.images.push_back({.span = prompt.images[i],
                              .hash = pictures[i].hash,
                              .rows = image.rows,
                              .gridRows = image.gridRows,
                              .gridColumns = image.gridColumns});
    }
    return input;
  }

  ModelSource source_;
  Placement placement_;
  LoadedModel model_;
  std::mutex mutex_;
  ImageCache images_;
  const model::Network* network_;  // the one that answers
  std::optional<Generator> generator_;
  std::mutex hashMutex_;
  std::string hash_;
};

}  // namespace

std::unique_ptr<VisionLanguageModel> loadLocalModel(const LoadOptions& options) {
  try {
    return std::make_unique<LocalModel>(options);
  } catch (const c10::Error& error) {
    rethrow(error);
  }
}

}  // namespace orthoscribe::engine
