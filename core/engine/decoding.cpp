// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/decoding.h"

#include <cmath>
#include <format>
#include <random>

#include "core/base/error.h"

namespace orthoscribe::engine {
namespace {

// No comparison holds for what is not a number.
void require(bool holds, const char* option, double value, const char* range) {
  if (!holds) throw Error(ErrorCode::InvalidInput, std::format("{} is {}", option, value), std::format("give {}", range));
}

void checkRanges(const GenerationOptions& options) {
  require(options.maxNewTokens >= 1, "max_tokens", options.maxNewTokens, "1 or more");
  require(options.topLogProbabilities >= 0 && options.topLogProbabilities <= 20, "top_logprobs", options.topLogProbabilities,
          "0 to 20");
}

void checkRanges(const Decoding& decoding) {
  require(decoding.temperature >= 0 && decoding.temperature <= 2, "temperature", decoding.temperature, "0 (greedy) to 2");
  require(decoding.topP > 0 && decoding.topP <= 1, "top_p", decoding.topP, "a share above 0, at most 1");
  require(decoding.topK >= 0, "top_k", decoding.topK, "0 (all tokens) or more");
  require(decoding.minP >= 0 && decoding.minP <= 1, "min_p", decoding.minP, "a share from 0 to 1");
  require(std::isfinite(decoding.repetitionPenalty) && decoding.repetitionPenalty > 0, "repetition_penalty",
          decoding.repetitionPenalty, "a factor above 0 (1: none)");
  require(decoding.noRepeatNgram >= 0, "no_repeat_ngram_size", decoding.noRepeatNgram, "0 (off) or more");
  require(decoding.beams >= 1 && decoding.beams <= 16, "num_beams", decoding.beams, "1 to 16");
  require(std::abs(decoding.lengthPenalty) <= 10, "length_penalty", decoding.lengthPenalty, "-10 to 10");
}

std::uint64_t freshSeed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

}  // namespace

Decoding decodingOf(const GenerationOptions& options, const GenerationDefaults& defaults) {
  checkRanges(options);
  const Decoding decoding{.temperature = options.temperature,
                          .topP = options.topP,
                          .topK = options.topK,
                          .minP = options.minP,
                          .repetitionPenalty = options.repetitionPenalty.value_or(defaults.repetitionPenalty),
                          .noRepeatNgram = options.noRepeatNgram.value_or(defaults.noRepeatNgram),
                          .seed = options.seed ? *options.seed : freshSeed(),
                          .beams = options.beams.value_or(options.temperature == 0.0 ? defaults.beams : 1),
                          .lengthPenalty = options.lengthPenalty.value_or(defaults.lengthPenalty),
                          .earlyStopping = options.earlyStopping.value_or(defaults.earlyStopping)};
  checkRanges(decoding);
  if (decoding.beams > 1 && decoding.temperature > 0.0)
    throw Error(ErrorCode::InvalidInput, std::format("num_beams is {} with temperature {}", decoding.beams, decoding.temperature),
                "beams follow the most probable answers: give temperature 0, or one beam");
  return decoding;
}

}  // namespace orthoscribe::engine
