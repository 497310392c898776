// SPDX-License-Identifier: GPL-2.0-or-later
// The decoder as training computes it and the network that answers are two programs for the same sums.
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "core/base/files.h"
#include "core/learn/data/decoder_views.h"
#include "core/learn/train/export_model.h"
#include "core/learn/train/packed_lessons.h"
#include "core/learn/train/starter_answers.h"
#include "core/learn/train/starter_tokenizer.h"
#include "core/model/families/families.h"
#include "tests/unit/learn/tiny_starter.h"

namespace orthoscribe::learn {
namespace {

constexpr double kTolerance = 1e-3;

// Rounds every weight to what the exported bfloat16 file holds, after moving the experts away from zero.
void settle(StarterModel& starter) {
  const at::NoGradGuard noGradients;
  for (const Parameter& parameter : starter.store().parameters()) {
    torch::Tensor value = parameter.value;
    if (parameter.name.find("lora_B") != std::string::npos || parameter.name.find("router") != std::string::npos)
      value.normal_(0, 0.3);
    value.copy_(value.to(at::kBFloat16).to(at::kFloat));
  }
  torch::Tensor heat = starter.store().find("tower.heads.heat.bias").value;
  heat.fill_(0);  // an untrained tower finds nothing otherwise
}

TEST(StarterParity, TrainingAndAnsweringAgree) {
  const at::NoGradGuard noGradients;
  const TemporaryDirectory folder;
  const std::vector<Sample> samples = tinySamples(1);
  const auto tokenizer = tinyTokenizer(samples, folder.path());
  StarterModel starter(tinyShape(tokenizer->size()), 5, torch::kCPU);
  settle(starter);
  markTokens(starter.store(), numberTokens(*tokenizer), tokenizer->idOf("<|assistant|>").value());
  exportModel(starter, *tokenizer, folder.path());
  const auto network = model::loadNetwork(folder.path());

  const torch::Tensor pixels = normalisedPixels(pixelTensor(samples[0].image).unsqueeze(0), torch::kCPU, at::kFloat);
  const model::StarterView view = starter.vision().look(pixels);
  ASSERT_FALSE(view.objects.front().empty());
  const torch::Tensor image = starter.vision().project(view, at::kFloat);
  const torch::Tensor encoded = network->encodeImage(pixels);
  ASSERT_EQ(encoded.size(0), starter.shape().vision.imageTokens());
  EXPECT_EQ(encoded.size(1), network->traits().hiddenSize);
  EXPECT_LT((encoded.narrow(1, 0, image.size(2)) - image[0]).abs().max().item<double>(), kTolerance);

  std::vector<std::int64_t> text = tokenizer->encode("Detect: ship<|end|><|assistant|>ship 30 31 26 12 45\nship 7 9", false);
  const torch::Tensor ids = at::tensor(text, at::kLong);
  const torch::Tensor embeddings = at::cat({image, starter.decoder().embed(ids).unsqueeze(0)}, 1);
  const std::int64_t length = embeddings.size(1);
  const torch::Tensor positions = at::arange(length, at::kLong).unsqueeze(0);
  const torch::Tensor mask = positions.unsqueeze(1).le(positions.unsqueeze(2));
  const torch::Tensor hidden = starter.decoder().forward(embeddings, positions, mask, at::kFloat).hidden;
  const torch::Tensor flags = at::cat({at::zeros({1, image.size(1), 2}), starter.copying().tokenFlags(ids).unsqueeze(0)}, 1);
  const torch::Tensor counted = model::numbersSinceAnswer(flags);
  EXPECT_EQ(counted[0][length - 1].item<std::int64_t>(), 7);
  const torch::Tensor copied = starter.copying().forward(hidden, starter.vision().describe(view), counted);
  EXPECT_GT(copied.abs().max().item<double>(), 0.1);
  const torch::Tensor trained = starter.decoder().logits(hidden + copied)[0];

  model::KvCache cache = network->makeCache();
  const torch::Tensor rows = at::cat({encoded, network->embedTokens(ids)}, 0);
  const std::int64_t first = length - 4;  // in two parts, the second one token by token, as an answer grows
  std::vector<torch::Tensor> answered = {network->forward(rows.narrow(0, 0, first), cache, false, nullptr)};
  for (std::int64_t at = first; at < length; ++at)
    answered.push_back(network->forward(rows.narrow(0, at, 1), cache, true, nullptr));
  EXPECT_LT((at::cat(answered, 0) - trained).abs().max().item<double>(), kTolerance);
}

TEST(StarterParity, QuestionsOfOnePictureDoNotSeeEachOther) {
  const at::NoGradGuard noGradients;
  const TemporaryDirectory folder;
  const std::vector<Sample> samples = tinySamples(1);
  const auto tokenizer = tinyTokenizer(samples, folder.path());
  StarterModel starter(tinyShape(tokenizer->size()), 5, torch::kCPU);
  settle(starter);
  const auto chatTemplate = text::chatTemplateNamed("starter");
  const LessonPacker packer(*tokenizer, *chatTemplate, starter.shape().vision.imageTokens(), 400);
  const model::StarterView view =
      starter.vision().look(normalisedPixels(pixelTensor(samples[0].image).unsqueeze(0), torch::kCPU, at::kFloat));
  const QuestionAnswer first{"Detect: ship", "ship 30 30 26 12 45"};
  const QuestionAnswer second{"How many cars are there?", "0"};
  const auto logits = [&](const std::vector<QuestionAnswer>& lesson) {
    return starterAnswers(starter, &view, packer.pack({lesson}), at::kFloat).batch.logits;
  };
  const torch::Tensor together = logits({first, second});
  const torch::Tensor apart = at::cat({logits({first}), logits({second})}, 0);
  ASSERT_EQ(together.sizes(), apart.sizes());
  EXPECT_LT((together - apart).abs().max().item<double>(), kTolerance);
}

}  // namespace
}  // namespace orthoscribe::learn
