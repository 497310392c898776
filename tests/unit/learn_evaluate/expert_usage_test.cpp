// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/evaluate/expert_usage.h"

#include <gtest/gtest.h>

#include <cmath>

#include "core/base/files.h"
#include "core/learn/evaluate/evaluation.h"
#include "core/learn/evaluate/remembering_model.h"

namespace orthoscribe::learn {
namespace {

Reply routed(std::vector<RouterUse> routers) {
  Reply reply;
  reply.routing = RoutingStatistics{.topK = 2, .routers = std::move(routers)};
  return reply;
}

RouterUse use(const std::string& place, std::vector<double> shares, std::vector<std::int64_t> chosen) {
  return {.place = place, .usage = std::move(shares), .chosen = std::move(chosen), .entropy = 0.5};
}

TEST(ExpertUsage, WeighsEveryChoiceOfARouterAlike) {
  ExpertUsage usage;
  usage.add("count", routed({use("layer 0", {1, 0}, {2, 0}), use("layer 1", {0.5, 0.5}, {1, 1})}));
  usage.add("count", routed({use("layer 0", {0.5, 0.5}, {3, 3}), use("layer 1", {0.5, 0.5}, {3, 3})}));
  usage.add("caption", routed({use("layer 0", {0, 1}, {0, 8}), use("layer 1", {0.5, 0.5}, {4, 4})}));
  const nlohmann::ordered_json json = usage.json();
  // Layer 0: (1 x 2 + 0.5 x 6) of 8 choices; layer 1: a half.
  EXPECT_NEAR(json["kinds"]["count"]["shares"][0].get<double>(), (5.0 / 8 + 0.5) / 2, 1e-12);
  EXPECT_EQ(json["kinds"]["count"]["questions"], 2);
  const auto entropy = [](double share) { return -(share * std::log(share) + (1 - share) * std::log(1 - share)) / std::log(2); };
  EXPECT_NEAR(json["kinds"]["count"]["usage_entropy"].get<double>(), (entropy(5.0 / 8) + 1) / 2, 1e-12);
  EXPECT_NEAR(json["kinds"]["caption"]["usage_entropy"].get<double>(), 0.5, 1e-12);
  EXPECT_EQ(json["questions"], 3);
  EXPECT_NEAR(json["routers"]["layer 0"][0].get<double>(), 5.0 / 16, 1e-12);
  const ReportSection section = usage.section();
  ASSERT_EQ(section.tables.size(), 1u);
  EXPECT_EQ(section.tables.front().rows.size(), 3u);
  EXPECT_EQ(section.tables.front().rows.back().front(), "all");
}

TEST(ExpertUsage, PassesOverRepliesWithoutRouters) {
  ExpertUsage usage;
  usage.add("count", Reply{});
  usage.add("count", routed({}));
  EXPECT_TRUE(usage.empty());
}

// Says "yes" through two experts.
class TwoExperts : public VisionLanguageModel {
 public:
  Reply chat(const std::vector<Message>&, const GenerationOptions& options, const OnToken&, const CancelToken&) override {
    Reply reply = options.routing ? routed({use("layer 0", {0.25, 0.75}, {1, 3})}) : Reply{};
    reply.text = "yes";
    return reply;
  }
  ModelInfo info() override {
    ModelInfo info;
    info.name = "two experts";
    info.adapters = {"mixture"};
    return info;
  }
};

TEST(ExpertUsage, StandsInAnEvaluationAlsoOfRememberedAnswers) {
  const TemporaryDirectory folder;
  const std::vector<ExamCase> cases = {{.id = "1",
                                        .picture = "",
                                        .task = "vqa",
                                        .type = "presence",
                                        .question = "Are there ships?",
                                        .truth = "yes",
                                        .messages = [] { return std::vector<Message>{{Role::User, "Are there ships?", {}}}; }}};
  for (int round = 0; round < 2; ++round) {
    TwoExperts model;
    RememberingModel remembering(model, folder.path() / "answers.jsonl");
    const EvaluationResult result = evaluateCases(remembering, nullptr, cases, {}, {}, {});
    EXPECT_EQ(remembering.remembered(), round);
    EXPECT_EQ(result.json["experts"]["kinds"]["vqa: presence"]["shares"][1], 0.75);
    EXPECT_NE(evaluationMarkdown(result.sections).find("| vqa: presence | 1 | 25.0 | 75.0 |"), std::string::npos)
        << evaluationMarkdown(result.sections);
  }
}

}  // namespace
}  // namespace orthoscribe::learn
