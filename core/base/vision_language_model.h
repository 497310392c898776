// SPDX-License-Identifier: GPL-2.0-or-later
// The one interface everything hangs on: something that answers messages with images. Implementations: the engine in
// process (core/engine/local_model.h), a server over HTTP (core/client), a script of replies in tests.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/aspect_report.h"
#include "core/base/cancel.h"
#include "core/base/rgb_image.h"
#include "core/base/smart_resize.h"

namespace orthoscribe {

enum class Role { System, User, Assistant };

// Contents in the order the model sees them. An image stands before the text unless the text holds the marker "<image>",
// which is then replaced, one occurrence an image.
struct Message {
  Role role = Role::User;
  std::string text;
  std::vector<RgbImage> images;
};

// When a search with several beams ends, as in transformers' generate.
enum class EarlyStopping {
  No,     // when the best open beam, scored at its present length, is no better than the worst kept answer
  Yes,    // when there are as many answers as beams
  Never,  // as No, but open beams are given the benefit of the longest answer
};

// What is absent is the model's own (generation_config.json and the habits of its family).
struct GenerationOptions {
  int maxNewTokens = 512;
  double temperature = 0.0;                                // 0: always the most probable, 0..2
  double topP = 1.0;                                       // above 0, at most 1
  int topK = 0;                                            // 0: all
  double minP = 0.0;                                       // least probability, as a share of the most probable token's; 0..1
  std::optional<double> repetitionPenalty = std::nullopt;  // 1: none
  std::optional<std::uint64_t> seed = std::nullopt;        // absent: another one each time
  std::vector<std::string> stop = {};                      // the answer ends before the first of these
  bool logProbabilities = false;
  int topLogProbabilities = 0;                         // alternatives a token, 0..20
  std::optional<int> beams = std::nullopt;             // 1..16; more than one need temperature 0
  std::optional<double> lengthPenalty = std::nullopt;  // beams are ranked by log-probability / tokens ^ this
  std::optional<EarlyStopping> earlyStopping = std::nullopt;
  std::optional<int> noRepeatNgram = std::nullopt;  // no run of so many tokens comes twice; 0: off
  bool repetitionGuard = true;                      // ends an answer that repeats itself without end
  std::string adapter = {};  // a name of ModelInfo::offeredAdapters; empty: as the model was opened; "none": the bare base
  bool routing = false;      // tell what the routers of a mixture of experts did
  // The last message is a wish for a caption: it is made aspect by aspect, and the answer's text is the fused caption.
  bool aspects = false;
};

struct TokenAlternative {
  std::string text;
  double logProbability = 0.0;
};

// One generated token. The texts of all tokens joined give the reply's text; a token that ends inside a UTF-8 sequence
// has the bytes that it completes.
struct GeneratedToken {
  std::string text;
  double logProbability = 0.0;  // natural logarithm, under temperature 1; only with options.logProbabilities; NaN: unknown
  std::vector<TokenAlternative> alternatives;
};

struct Usage {
  std::int64_t promptTokens = 0;
  std::int64_t completionTokens = 0;
};

// What one router did over a prompt and its answer.
struct RouterUse {
  std::string place;                 // "layer 3", "layer 3 self_attn"
  std::vector<double> usage;         // share of the weight that each expert had, sum 1
  std::vector<std::int64_t> chosen;  // how often each expert was among the chosen
  double entropy = 0.0;              // of the chosen experts' weights, mean over choices, 0 (one has it all) .. 1 (all the same)
};

struct RoutingStatistics {
  std::int64_t topK = 0;
  std::vector<RouterUse> routers;  // empty for a model without experts
};

// Over all routers with as many experts as the first.
RouterUse meanUse(const RoutingStatistics& statistics);

enum class StopReason {
  EndOfAnswer,
  Length,
  Cancelled,
  Repetition,  // the same few words over and over: ended by options.repetitionGuard
};

struct Reply {
  std::string text;
  std::vector<GeneratedToken> tokens;  // filled with options.logProbabilities
  Usage usage;
  StopReason stopReason = StopReason::EndOfAnswer;
  std::string repeated;                           // with StopReason::Repetition: what came over and over
  std::optional<RoutingStatistics> routing = {};  // with options.routing, where the model can tell
  std::optional<AspectReport> aspects = {};       // with options.aspects, where the model can do that
};

// What the model says of itself; prompts and image sizes are chosen by it.
struct ModelInfo {
  std::string name;                   // as it is asked for over HTTP
  std::string family;                 // "internvl_chat", "starter", ...; empty if unknown (foreign server)
  std::string dialect;                // how it speaks of boxes: a name of core/tasks/dialects, empty if unknown
  std::string contentHash;            // SHA-256 over the model's files, empty if unknown
  std::string precision;              // "float32", "bfloat16"
  std::string device;                 // "cpu", "cuda:0"
  std::vector<std::string> adapters;  // applied where a request names none
  int imageSidePx = 448;              // side of the square window that suits the model's input
  double groundResolutionM = 0.5;     // metres a pixel that it was trained on; 0: any
  std::vector<std::string> classes;   // names it was trained to detect; empty: open
  // How it resizes every picture before it looks, where its family does so and it is known; nothing: unknown, or not at all.
  std::optional<ResizeLimits> resize = std::nullopt;
  std::vector<std::string> offeredAdapters = {};  // that a request may name
  std::vector<std::string> aspects = {};          // that it has experts for
};

class VisionLanguageModel {
 public:
  virtual ~VisionLanguageModel() = default;

  // Text as it is produced, in whole UTF-8 code points. Called on the thread that called chat().
  using OnToken = std::function<void(const GeneratedToken&)>;

  // Blocks until the answer is whole, or cancelled: then what was produced is returned with StopReason::Cancelled.
  // Throws Error (InvalidInput: the messages do not fit the model; Unavailable: the server cannot be reached or is full;
  // Internal). May be called from several threads; whether calls run together is the implementation's affair.
  virtual Reply chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
                     const CancelToken& cancel) = 0;

  // May contact the server; throws Error{Unavailable}.
  virtual ModelInfo info() = 0;
};

}  // namespace orthoscribe
