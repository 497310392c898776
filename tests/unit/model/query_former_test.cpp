// SPDX-License-Identifier: GPL-2.0-or-later
// The Q-Former against a plain writing of its formulas in double precision, with sizes of its own.
#include "core/model/blocks/query_former.h"

#include <ATen/ATen.h>

#include <cmath>

#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/random_weights.h"

namespace orthoscribe::model {
namespace {

QueryFormerConfig smallFormer() {
  return {.hidden = 12,
          .layers = 3,
          .heads = 3,
          .intermediate = 20,
          .vocabulary = 17,
          .positions = 9,
          .crossAttentionEvery = 2,
          .imageWidth = 10,
          .normEpsilon = 1e-12};
}

// One sequence at a time, head by head, with the softmax written out.
class PlainFormer {
 public:
  PlainFormer(RandomWeights& weights, const QueryFormerConfig& config) : weights_(weights), config_(config) {}

  at::Tensor run(const at::Tensor& queries, const at::Tensor& question, const at::Tensor& image) {
    at::Tensor rows = queries;
    if (question.numel() > 0)
      rows = at::cat({queries, get("embeddings.word_embeddings.weight").index_select(0, question) +
                                   get("embeddings.position_embeddings.weight").slice(0, 0, question.numel())});
    rows = norm(rows, "embeddings.layernorm");
    const std::int64_t count = queries.size(0);
    for (std::int64_t i = 0; i < config_.layers; ++i) {
      const std::string layer = "encoder.layer." + std::to_string(i) + ".";
      rows = attend(rows, rows, layer + "attention.");
      at::Tensor first = rows.slice(0, 0, count);
      if (i % config_.crossAttentionEvery == 0) first = attend(first, image, layer + "crossattention.");
      first = mlp(first, layer + "intermediate_query.", layer + "output_query.");
      rows = at::cat({first, mlp(rows.slice(0, count), layer + "intermediate.", layer + "output.")});
    }
    return rows.slice(0, 0, count);
  }

 private:
  at::Tensor get(const std::string& name) { return weights_.values().at(name).to(at::kDouble); }
  at::Tensor linear(const at::Tensor& rows, const std::string& name) {
    return at::matmul(rows, get(name + ".weight").t()) + get(name + ".bias");
  }
  at::Tensor norm(const at::Tensor& rows, const std::string& name) {
    const at::Tensor centred = rows - rows.mean(-1, true);
    return centred / (centred.square().mean(-1, true) + config_.normEpsilon).sqrt() * get(name + ".weight") + get(name + ".bias");
  }
  at::Tensor attend(const at::Tensor& rows, const at::Tensor& seen, const std::string& scope) {
    const at::Tensor query = linear(rows, scope + "attention.query");
    const at::Tensor key = linear(seen, scope + "attention.key");
    const at::Tensor value = linear(seen, scope + "attention.value");
    const std::int64_t width = config_.hidden / config_.heads;
    std::vector<at::Tensor> heads;
    for (std::int64_t head = 0; head < config_.heads; ++head) {
      const auto part = [&](const at::Tensor& all) { return all.slice(1, head * width, (head + 1) * width); };
      const at::Tensor scores = (at::matmul(part(query), part(key).t()) / std::sqrt(static_cast<double>(width))).exp();
      heads.push_back(at::matmul(scores / scores.sum(1, true), part(value)));
    }
    return norm(linear(at::cat(heads, 1), scope + "output.dense") + rows, scope + "output.LayerNorm");
  }
  at::Tensor mlp(const at::Tensor& rows, const std::string& first, const std::string& second) {
    const at::Tensor wide = linear(rows, first + "dense");
    const at::Tensor bent = wide * 0.5 * (1.0 + at::erf(wide / std::sqrt(2.0)));
    return norm(linear(bent, second + "dense") + rows, second + "LayerNorm");
  }

  RandomWeights& weights_;
  QueryFormerConfig config_;
};

struct Former {
  RandomWeights weights{3};
  QueryFormer former{Scope(weights, ""), smallFormer()};
  at::Tensor queries = seededRandom({1, 4, 12}, 5);
  at::Tensor image = seededRandom({2, 7, 10}, 6);
};

TEST(QueryFormer, FollowsItsFormulas) {
  Former made;
  const at::Tensor question = at::tensor({2, 16, 0, 5, 5, 3}, at::kLong);
  const at::Tensor rows = made.former.forward(made.queries, question, made.image, nullptr);
  ASSERT_EQ(rows.sizes(), at::IntArrayRef({2, 4, 12}));
  PlainFormer plain(made.weights, smallFormer());
  for (std::int64_t i = 0; i < 2; ++i) {
    const at::Tensor expected = plain.run(made.queries[0].to(at::kDouble), question, made.image[i].to(at::kDouble));
    EXPECT_LT((rows[i].to(at::kDouble) - expected).abs().max().item<double>(), 1e-5) << "image " << i;
  }
}

TEST(QueryFormer, WithoutAQuestionTheQueriesAreAlone) {
  Former made;
  const at::Tensor nothing = at::empty({0}, at::kLong);
  at::Tensor last;
  const Observer observer = [&](std::string_view name, const at::Tensor& value) {
    if (name == "qformer_last") last = value;
  };
  const at::Tensor rows = made.former.forward(made.queries, nothing, made.image, &observer);
  EXPECT_EQ(last.sizes(), at::IntArrayRef({2, 4, 12}));
  const at::Tensor expected =
      PlainFormer(made.weights, smallFormer()).run(made.queries[0].to(at::kDouble), nothing, made.image[1].to(at::kDouble));
  EXPECT_LT((rows[1].to(at::kDouble) - expected).abs().max().item<double>(), 1e-5);
}

TEST(QueryFormer, TheQuestionChangesWhatIsSeen) {
  Former made;
  const at::Tensor one = made.former.forward(made.queries, at::tensor({2, 5, 3}, at::kLong), made.image, nullptr);
  const at::Tensor other = made.former.forward(made.queries, at::tensor({2, 6, 3}, at::kLong), made.image, nullptr);
  EXPECT_FALSE(at::allclose(one, other, 1e-5, 1e-6));
}

TEST(QueryFormer, RefusesWhatItCannotRead) {
  Former made;
  expectError(ErrorCode::InvalidInput, {"10 tokens", "at most 9"},
              [&] { made.former.forward(made.queries, at::ones({10}, at::kLong), made.image, nullptr); });
  expectError(ErrorCode::InvalidInput, {"vocabulary of 17"},
              [&] { made.former.forward(made.queries, at::tensor({1, 17}, at::kLong), made.image, nullptr); });
}

}  // namespace
}  // namespace orthoscribe::model
