// SPDX-License-Identifier: GPL-2.0-or-later
// Whole networks against the reference's tensors and greedy answers, case by case.
#include <map>
#include <optional>

#include "core/model/families/families.h"
#include "core/model/weights/safetensors.h"
#include "tests/parity/model_fixtures.h"

namespace orthoscribe::model {
namespace {

constexpr double kTolerance = 1e-4;

std::vector<std::string> allCases() {
  std::vector<std::string> cases;
  for (const char* model : {"qwen2_tiny", "phi3_tiny", "phi3_swa_tiny", "llama_tiny", "llama_tied_tiny",
                            "internvl_chat_tiny_qwen2", "internvl_chat_tiny_phi3", "internvl_hf_tiny", "instructblip_tiny"}) {
    for (std::string& found : fixtures::foldersWith(model, "expected.json")) cases.push_back(std::move(found));
  }
  if (cases.empty()) cases.emplace_back("none");
  return cases;
}

class ModelForward : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override {
    if (GetParam() == "none") GTEST_SKIP() << "no parity fixtures in " << fixtures::parityFolder();
    folder_ = fixtures::parityFolder() / GetParam();
    expected_ = fixtures::readJson(folder_ / "expected.json");
    network_ = loadNetwork(folder_.parent_path());
  }

  // Embeddings of the prompt with the images' rows in their places.
  at::Tensor embedPrompt(const SafetensorsFile& inputs, const Observer* observer) const {
    const at::Tensor ids = inputs.tensor("input_ids")[0];
    at::Tensor embeddings = network_->embedTokens(ids);
    if (!inputs.has("pixel_values")) return embeddings;
    const at::Tensor question =
        inputs.has("qformer_input_ids") ? inputs.tensor("qformer_input_ids")[0] : at::empty({0}, at::kLong);
    const at::Tensor image = network_->encodeImageFor(inputs.tensor("pixel_values"), question, observer);
    const char* token = expected_.contains("image_token_id") ? "image_token_id" : "image_context_token_id";
    const at::Tensor places = at::nonzero(ids == expected_.at(token).get<std::int64_t>()).squeeze(1);
    return embeddings.index_copy(0, places, image);
  }

  std::vector<std::int64_t> greedy(at::Tensor embeddings, std::size_t count) const {
    std::vector<std::int64_t> answer;
    KvCache cache = network_->makeCache();
    at::Tensor next = embeddings;
    while (true) {
      const at::Tensor logits = network_->forward(next, cache, true, nullptr);
      answer.push_back(logits.argmax().item<std::int64_t>());
      if (answer.size() == count) return answer;
      next = network_->embedTokens(at::tensor({answer.back()}, at::kLong));
      embeddings = at::cat({embeddings, next}, 0);
      if (network_->mustRecompute(cache.length(), embeddings.size(0))) {
        cache.truncate(0);
        next = embeddings;
      }
    }
  }

  std::filesystem::path folder_;
  nlohmann::json expected_;
  std::unique_ptr<Network> network_;
};

TEST_P(ModelForward, TensorsAgree) {
  std::map<std::string, at::Tensor> seen;
  const Observer observer = [&](std::string_view name, const at::Tensor& value) { seen[std::string(name)] = value; };
  const SafetensorsFile inputs(folder_ / "inputs.safetensors");
  const SafetensorsFile outputs(folder_ / "outputs.safetensors");
  KvCache cache = network_->makeCache();
  const at::Tensor logits = network_->forward(embedPrompt(inputs, &observer), cache, false, &observer);
  seen["logits_all"] = logits;
  seen["logits_last"] = logits[-1];
  seen["logits_last16"] = logits.slice(0, std::max<std::int64_t>(0, logits.size(0) - 16));
  seen["logits_logsumexp"] = logits.logsumexp(-1);
  for (const auto& [name, stored] : outputs.entries()) {
    if (name == "logits_argmax") {
      EXPECT_TRUE(at::equal(logits.argmax(-1), outputs.tensor(name))) << name;
      continue;
    }
    ASSERT_TRUE(seen.contains(name)) << "the network does not show " << name;
    fixtures::expectClose(name, seen.at(name), outputs.tensor(name), kTolerance);
  }
}

TEST_P(ModelForward, GreedyAnswerAgrees) {
  const SafetensorsFile inputs(folder_ / "inputs.safetensors");
  const auto ids = expected_.at("greedy_ids").get<std::vector<std::int64_t>>();
  EXPECT_EQ(greedy(embedPrompt(inputs, nullptr), ids.size()), ids);
}

// The reading of a prompt piece by piece must give what reading it at once gives.
TEST_P(ModelForward, CacheInPiecesAgrees) {
  const SafetensorsFile inputs(folder_ / "inputs.safetensors");
  const at::Tensor embeddings = embedPrompt(inputs, nullptr);
  KvCache whole = network_->makeCache();
  const at::Tensor expected = network_->forward(embeddings, whole, true, nullptr);
  const std::int64_t length = embeddings.size(0);
  if (network_->mustRecompute(length / 2, length)) GTEST_SKIP() << "the factors change within the prompt";
  KvCache cache = network_->makeCache();
  network_->forward(embeddings.narrow(0, 0, length / 2), cache, true, nullptr);
  network_->forward(embeddings.narrow(0, length / 2, length - length / 2 - 1), cache, true, nullptr);
  const at::Tensor pieces = network_->forward(embeddings.narrow(0, length - 1, 1), cache, true, nullptr);
  fixtures::expectClose("logits", pieces, expected, kTolerance);
}

INSTANTIATE_TEST_SUITE_P(Fixtures, ModelForward, testing::ValuesIn(allCases()), fixtures::testName);

}  // namespace
}  // namespace orthoscribe::model
