// SPDX-License-Identifier: GPL-2.0-or-later
// Several sequences in one pass, each through its own expert, against each of them by itself.
#include <ATen/ATen.h>
#include <gtest/gtest.h>

#include "core/model/adapters/merge.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/tiny_model.h"

namespace orthoscribe::model {
namespace {

namespace fs = std::filesystem;

constexpr double kClose = 1e-5;

struct Row {
  std::int64_t expert = -1;
  std::vector<std::int64_t> ids;
};

class Together : public testing::TestWithParam<bool> {
 protected:
  Together()
      : folder_(fs::path(testing::TempDir()) / (GetParam() ? "together_fused" : "together_plain")),
        model_(fresh(folder_) / "base", GetParam(), 1) {
    const std::vector<std::int64_t> ranks = {2, 4, 8};
    for (std::size_t i = 0; i < ranks.size(); ++i) {
      MadeAdapter made(100 + 10 * i);
      made.config.rank = ranks[i];
      made.config.alpha = 3.0 * static_cast<double>(ranks[i]);
      made.config.scale = 3.0;
      made.put("self_attn.q_proj", kTinyHidden, kTinyHidden, ranks[i]);
      made.put("self_attn.v_proj", kTinyHidden, kTinyKeys, ranks[i]);
      made.put("mlp.gate_proj", kTinyHidden, kTinyIntermediate, ranks[i]);
      made.put("mlp.down_proj", kTinyIntermediate, kTinyHidden, ranks[i]);
      bank_.push_back(made.write(folder_ / ("expert" + std::to_string(i))));
    }
    base_ = std::make_unique<BaseModel>(model_.folder(), torch::kCPU, torch::kFloat32);
    network_ = base_->network({}, false, bank_);
  }
  ~Together() override { fs::remove_all(folder_); }

  static fs::path fresh(const fs::path& folder) {
    fs::remove_all(folder);
    fs::create_directories(folder);
    return folder;
  }

  at::Tensor embeddings(const Network& network, const std::vector<std::int64_t>& ids) const {
    return network.embedTokens(at::tensor(ids, at::kLong));
  }

  // Logits after the prompts, and after one more token each, [2, rows, vocabulary].
  at::Tensor together(const std::vector<Row>& rows) const {
    std::vector<KvCache> caches(rows.size(), network_->makeCache());
    std::vector<at::Tensor> logits;
    for (const bool prompt : {true, false}) {
      std::vector<SequenceStep> steps;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (prompt) caches[i].setExpert(rows[i].expert);
        steps.push_back({embeddings(*network_, prompt ? rows[i].ids : std::vector<std::int64_t>{3}), &caches[i]});
      }
      logits.push_back(network_->forwardTogether(steps));
    }
    return at::stack(logits);
  }

  // The same of one row in a network of its own.
  static at::Tensor alone(const Network& network, const Row& row) {
    KvCache cache = network.makeCache();
    const at::Tensor first = network.forward(network.embedTokens(at::tensor(row.ids, at::kLong)), cache, true);
    const at::Tensor second = network.forward(network.embedTokens(at::tensor({3}, at::kLong)), cache, true);
    return at::stack({first, second}).squeeze(1);
  }

  fs::path folder_;
  TinyModel model_;
  std::vector<fs::path> bank_;
  std::unique_ptr<BaseModel> base_;
  std::unique_ptr<Network> network_;
};

std::vector<Row> mixedRows() {
  return {{0, {1, 2, 3, 4}}, {2, {5, 6}}, {-1, {7, 8, 9, 10, 11, 12}}, {1, {13}}, {0, {14, 15, 16}}, {2, {17, 18, 19, 20, 21}}};
}

TEST_P(Together, EveryRowIsThatOfItsExpertMergedIntoTheBase) {
  const std::vector<Row> rows = mixedRows();
  const at::Tensor got = together(rows);
  std::vector<std::unique_ptr<Network>> merged;
  for (std::size_t i = 0; i < bank_.size(); ++i) {
    const fs::path out = folder_ / ("merged" + std::to_string(i));
    mergeAdapter(model_.folder(), bank_[i], out);
    merged.push_back(loadNetwork(out));
  }
  const auto base = loadNetwork(model_.folder());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const Network& own = rows[i].expert < 0 ? *base : *merged[static_cast<std::size_t>(rows[i].expert)];
    const at::Tensor difference = got.select(1, static_cast<std::int64_t>(i)) - alone(own, rows[i]);
    EXPECT_LT(difference.abs().max().item<double>(), 1e-4) << "row " << i << " against merged weights";
  }
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto own = rows[i].expert < 0 ? base_->network({}) : base_->network({bank_[static_cast<std::size_t>(rows[i].expert)]});
    const at::Tensor difference = got.select(1, static_cast<std::int64_t>(i)) - alone(*own, rows[i]);
    EXPECT_LT(difference.abs().max().item<double>(), kClose) << "row " << i << " against its adapter alone";
  }
}

TEST_P(Together, TheOrderOfRowsDoesNotMatter) {
  std::vector<Row> rows = mixedRows();
  const at::Tensor got = together(rows);
  const std::vector<std::int64_t> order = {3, 5, 0, 2, 4, 1};
  std::vector<Row> shuffled;
  for (const std::int64_t row : order) shuffled.push_back(rows[static_cast<std::size_t>(row)]);
  const at::Tensor again = together(shuffled);
  const at::Tensor expected = got.index_select(1, at::tensor(order, at::kLong));
  EXPECT_LT((again - expected).abs().max().item<double>(), kClose);
}

TEST_P(Together, ARowByItselfIsTheSame) {
  const std::vector<Row> rows = mixedRows();
  const at::Tensor got = together(rows);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const at::Tensor one = together({rows[i]}).select(1, 0);
    EXPECT_LT((one - got.select(1, static_cast<std::int64_t>(i))).abs().max().item<double>(), kClose) << "row " << i;
  }
}

TEST_P(Together, APromptBesideSingleTokens) {
  KvCache first = network_->makeCache();
  first.setExpert(1);
  network_->forward(embeddings(*network_, {1, 2, 3}), first, true);
  KvCache second = network_->makeCache();
  second.setExpert(2);
  const at::Tensor prompt = embeddings(*network_, {4, 5, 6, 7, 8});
  const at::Tensor token = embeddings(*network_, {9});
  const std::vector<SequenceStep> steps = {{token, &first}, {prompt, &second}};
  const at::Tensor got = network_->forwardTogether(steps);
  EXPECT_EQ(first.length(), 4);
  EXPECT_EQ(second.length(), 5);

  KvCache alone = network_->makeCache();
  alone.setExpert(1);
  const at::Tensor expected = network_->forward(embeddings(*network_, {1, 2, 3, 9}), alone, true);
  EXPECT_LT((got[0] - expected[0]).abs().max().item<double>(), kClose);
  KvCache other = network_->makeCache();
  other.setExpert(2);
  EXPECT_LT((got[1] - network_->forward(prompt, other, true)[0]).abs().max().item<double>(), kClose);
}

TEST_P(Together, ExpertsDifferFromEachOtherAndFromTheBase) {
  const at::Tensor got = together({{0, {1, 2, 3}}, {1, {1, 2, 3}}, {2, {1, 2, 3}}, {-1, {1, 2, 3}}});
  for (std::int64_t a = 0; a < 4; ++a)
    for (std::int64_t b = 0; b < a; ++b)
      EXPECT_GT((got.select(1, a) - got.select(1, b)).abs().max().item<double>(), 1e-3) << a << " and " << b;
}

TEST_P(Together, ABankLeavesTheBaseItself) {
  EXPECT_EQ(network_->traits().bankExperts, 3);
  EXPECT_TRUE(network_->traits().adapters.empty());
  EXPECT_TRUE(at::equal(logitsOf(*network_), logitsOf(*loadNetwork(model_.folder()))));
}

TEST_P(Together, RefusesAMixtureInTheBank) {
  MadeAdapter made(7);
  made.config.type = "MOLE";
  made.config.experts = 2;
  made.config.topK = 1;
  made.config.rank = 2;
  made.config.alpha = 2;
  made.put("mlp.down_proj", kTinyIntermediate, kTinyHidden, 2);
  made.putRouter("mlp", kTinyHidden);
  const fs::path mixture = made.write(folder_ / "mixture");
  expectError(ErrorCode::Unsupported, {"mixture", "one expert of several"}, [&] { base_->network({}, false, {mixture}); });
}

INSTANTIATE_TEST_SUITE_P(Layouts, Together, testing::Bool(),
                         [](const auto& fused) { return std::string(fused.param ? "Fused" : "Plain"); });

}  // namespace
}  // namespace orthoscribe::model
