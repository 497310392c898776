// SPDX-License-Identifier: GPL-2.0-or-later
// Rotary positions with Llama 3's stretched frequencies against a formula of their own: by wave lengths, in double precision.
#include "core/model/blocks/rotary.h"

#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include <cmath>
#include <numbers>

#include "core/base/files.h"
#include "core/model/families/builders.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/small_configs.h"

namespace orthoscribe::model {
namespace {

constexpr double kTheta = 500000.0;

RotaryConfig stretchedConfig() {
  RotaryConfig config;
  config.headSize = 20;
  config.theta = kTheta;
  config.maxPositions = 4096;
  config.llama3 =
      Llama3Scaling{.factor = 32.0, .lowFrequencyFactor = 1.0, .highFrequencyFactor = 5.0, .originalMaxPositions = 512};
  return config;
}

double stretchedFrequency(double frequency, const Llama3Scaling& scaling) {
  const double wave = 2.0 * std::numbers::pi / frequency;
  const double longest = static_cast<double>(scaling.originalMaxPositions) / scaling.lowFrequencyFactor;
  const double shortest = static_cast<double>(scaling.originalMaxPositions) / scaling.highFrequencyFactor;
  if (wave > longest) return frequency / scaling.factor;
  if (wave < shortest) return frequency;
  // Linear in the number of waves within the original length.
  const double smooth = (static_cast<double>(scaling.originalMaxPositions) / wave - scaling.lowFrequencyFactor) /
                        (scaling.highFrequencyFactor - scaling.lowFrequencyFactor);
  return frequency * ((1.0 - smooth) / scaling.factor + smooth);
}

TEST(Llama3Rotary, FollowsTheFormulaByWaveLengths) {
  const RotaryConfig config = stretchedConfig();
  const RotaryTables tables = Rotary(config).tables(at::tensor({0, 1, 700}, at::kLong), 701);
  int kept = 0;
  int mixed = 0;
  int divided = 0;
  for (std::int64_t i = 0; i < config.headSize / 2; ++i) {
    const double plain = std::pow(kTheta, -2.0 * static_cast<double>(i) / static_cast<double>(config.headSize));
    const double expected = stretchedFrequency(plain, *config.llama3);
    const double ratio = expected / plain;
    (ratio == 1.0 ? kept : std::abs(ratio * 32.0 - 1.0) < 1e-12 ? divided : mixed)++;
    EXPECT_NEAR(tables.sine[1][i].item<double>(), std::sin(expected), 1e-6) << "frequency " << i;
    EXPECT_NEAR(tables.cosine[1][i + config.headSize / 2].item<double>(), std::cos(expected), 1e-6) << "frequency " << i;
    // Float32 angles of some hundreds.
    EXPECT_NEAR(tables.sine[2][i].item<double>(), std::sin(700 * expected), 1e-4) << "frequency " << i;
  }
  EXPECT_GT(kept, 0);
  EXPECT_GT(mixed, 0);
  EXPECT_GT(divided, 0);
}

TEST(Llama3Rotary, DoesNotDependOnTheLengthOfTheSequence) {
  const Rotary rotary(stretchedConfig());
  EXPECT_FALSE(rotary.factorsChange(10, 4000));
  const at::Tensor positions = at::arange(5);
  EXPECT_TRUE(at::equal(rotary.tables(positions, 5).cosine, rotary.tables(positions, 4000).cosine));
}

class LlamaFields : public testing::Test {
 protected:
  DecoderConfig read(const nlohmann::json& config) {
    writeTextFile(folder_.path() / "config.json", config.dump());
    RandomWeights weights(1);
    return readLlama(ConfigFields::read(folder_.path() / "config.json"), Scope(weights, ""));
  }
  TemporaryDirectory folder_;
};

nlohmann::json scaling() {
  return {{"rope_type", "llama3"},
          {"factor", 8.0},
          {"low_freq_factor", 1.0},
          {"high_freq_factor", 4.0},
          {"original_max_position_embeddings", 64}};
}

TEST_F(LlamaFields, BothStylesOfTheConfigurationSayTheSame) {
  nlohmann::json older = smallLlama();
  older["rope_theta"] = kTheta;
  older["rope_scaling"] = scaling();
  nlohmann::json newer = smallLlama();
  newer["rope_parameters"] = scaling();
  newer["rope_parameters"]["rope_theta"] = kTheta;
  for (const nlohmann::json& config : {older, newer}) {
    const DecoderConfig decoder = read(config);
    EXPECT_EQ(decoder.rotary.theta, kTheta);
    ASSERT_TRUE(decoder.rotary.llama3);
    EXPECT_EQ(decoder.rotary.llama3->factor, 8.0);
    EXPECT_EQ(decoder.rotary.llama3->originalMaxPositions, 64);
  }
}

TEST_F(LlamaFields, OldFilesLeaveOutWhatTheyDidNotKnow) {
  nlohmann::json config = smallLlama();
  config.erase("num_key_value_heads");
  const DecoderConfig decoder = read(config);
  EXPECT_EQ(decoder.kvHeads, 4);
  EXPECT_EQ(decoder.rotary.theta, 10000.0);
  EXPECT_FALSE(decoder.rotary.llama3);
  EXPECT_EQ(decoder.headSize, 4);
  config["head_dim"] = 10;
  EXPECT_EQ(read(config).headSize, 10);
}

TEST_F(LlamaFields, LinearScalingSlowsEveryAngle) {
  nlohmann::json config = smallLlama();
  config["rope_scaling"] = {{"type", "linear"}, {"factor", 4.0}};
  const at::Tensor position = at::tensor({36}, at::kLong);
  const RotaryTables slowed = Rotary(read(config).rotary).tables(position, 37);
  const RotaryTables plain = Rotary(read(smallLlama()).rotary).tables(at::tensor({9}, at::kLong), 37);
  EXPECT_LT((slowed.sine - plain.sine).abs().max().item<double>(), 1e-6);
}

TEST_F(LlamaFields, WhatIsNotSupportedIsNamed) {
  nlohmann::json config = smallLlama();
  config["attention_bias"] = true;
  expectError(ErrorCode::Unsupported, {"attention_bias"}, [&] { read(config); });
  config = smallLlama();
  config["rope_scaling"] = scaling();
  config["rope_scaling"]["high_freq_factor"] = 1.0;
  expectError(ErrorCode::InvalidInput, {"rope_scaling.high_freq_factor"}, [&] { read(config); });
  config["rope_scaling"] = scaling();
  config["rope_scaling"].erase("factor");
  expectError(ErrorCode::InvalidInput, {"rope_scaling.factor"}, [&] { read(config); });
}

}  // namespace
}  // namespace orthoscribe::model
