// SPDX-License-Identifier: GPL-2.0-or-later
// Adapters chosen by name on one base, and what their routers are counted to do.
#include "core/engine/adapter_shelf.h"

#include "core/engine/routing_tally.h"
#include "core/engine/sequence.h"
#include "tests/unit/model/expect_error.h"
#include "tests/unit/model/tiny_model.h"

namespace orthoscribe::engine {
namespace {

namespace fs = std::filesystem;
using model::MadeAdapter;

class Shelf : public testing::Test {
 protected:
  fs::path lora(const char* name, std::uint64_t seed) const { return model::madeLora(seed).write(folder_.path() / name); }
  fs::path mixture(const char* name, std::int64_t experts, std::int64_t topK, model::RouterInput input) const {
    MadeAdapter made(40);
    made.config.type = "MOLE";
    made.config.rank = 2;
    made.config.scale = 1.5;
    made.config.experts = experts;
    made.config.topK = topK;
    made.config.routerScope = model::RouterScope::Model;
    made.config.routerInput = input;
    made.put("mlp.down_proj", model::kTinyIntermediate, model::kTinyHidden, 2);
    made.putRouter("", model::kTinyHidden);
    return made.write(folder_.path() / name);
  }

  TemporaryDirectory folder_;
  model::TinyModel model_{folder_.path() / "tiny", false, 1};
  model::BaseModel base_{model_.folder(), torch::kCPU, torch::kFloat32};
};

TEST_F(Shelf, TheFirstIsTheDefaultAndAllAreThere) {
  AdapterShelf shelf(base_, {lora("ships", 1), lora("roads", 30)});
  EXPECT_EQ(shelf.names(), (std::vector<std::string>{"ships", "roads"}));
  EXPECT_EQ(&shelf.network(""), &shelf.network("ships"));
  EXPECT_NE(&shelf.network("roads"), &shelf.network("ships"));
  EXPECT_TRUE(shelf.network("none").traits().adapters.empty());
  EXPECT_EQ(shelf.network("roads").traits().adapters, std::vector<std::string>{"roads"});
  expectError(ErrorCode::NotFound, {"'water'", "none, ships, roads"}, [&] { shelf.network("water"); });
  EXPECT_TRUE(at::equal(model::logitsOf(shelf.network("none")), model::logitsOf(*model::loadNetwork(model_.folder()))));
}

TEST_F(Shelf, NamesMustDiffer) {
  const fs::path other = model::madeLora(2).write(folder_.path() / "other" / "ships");
  expectError(ErrorCode::InvalidInput, {"ships", "rename"}, [&] { AdapterShelf(base_, {lora("ships", 1), other}); });
}

TEST_F(Shelf, SharesOfExpertsAddUp) {
  AdapterShelf shelf(base_, {mixture("mole", 4, 2, model::RouterInput::Layer)});
  RoutingTally tally;
  const model::Observer observer = tally.observer();
  model::logitsOf(shelf.network(""), &observer);
  const RoutingStatistics statistics = tally.statistics();
  EXPECT_EQ(statistics.topK, 2);
  ASSERT_EQ(statistics.routers.size(), 3U);
  for (const RouterUse& use : statistics.routers) {
    double sum = 0.0;
    for (const double share : use.usage) sum += share;
    EXPECT_NEAR(sum, 1.0, 1e-6);
    std::int64_t chosen = 0;
    for (const std::int64_t count : use.chosen) chosen += count;
    EXPECT_EQ(chosen, 9 * 2);
    EXPECT_GT(use.entropy, 0.0);
    EXPECT_LE(use.entropy, 1.0);
  }
  EXPECT_EQ(statistics.routers[2].place, "layer 2");
  const RouterUse mean = meanUse(statistics);
  EXPECT_NEAR(mean.usage[1],
              (statistics.routers[0].usage[1] + statistics.routers[1].usage[1] + statistics.routers[2].usage[1]) / 3, 1e-12);
}

// What is asked decides the experts, so another question must not find the first one's keys and values.
TEST_F(Shelf, AnotherInstructionStartsAfresh) {
  AdapterShelf shelf(base_, {mixture("mole", 4, 1, model::RouterInput::Instruction)});
  const model::Network& network = shelf.network("");
  const auto inputOf = [](std::vector<text::TokenId> ids) { return SequenceInput{.ids = std::move(ids), .images = {}}; };
  CachedSequence sequence(network);
  const at::Tensor first = sequence.start(inputOf({1, 2, 3, 4}), {});
  EXPECT_TRUE(at::allclose(CachedSequence(network, 2).start(inputOf({1, 2, 3, 4}), {}), first, 1e-4, 1e-5));
  const at::Tensor second = sequence.start(inputOf({1, 2, 3, 9}), {});
  EXPECT_EQ(sequence.reused(), 0);
  EXPECT_TRUE(at::equal(CachedSequence(network).start(inputOf({1, 2, 3, 9}), {}), second));
  sequence.start(inputOf({1, 2, 3, 9}), {});
  EXPECT_EQ(sequence.reused(), 3);
}

}  // namespace
}  // namespace orthoscribe::engine
