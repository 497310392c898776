// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/copy_attention.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <gtest/gtest.h>

#include "core/learn/train/parameter_store.h"
#include "core/model/blocks/object_list.h"

namespace orthoscribe::learn {
namespace {

constexpr std::int64_t kWidth = 32;
constexpr std::int64_t kClasses = 3;

class Copying : public testing::Test {
 protected:
  Copying() : store_(1), copying_(model::Scope(store_, "copy."), kWidth, 10, kClasses) {
    const at::NoGradGuard noGradients;
    torch::Tensor classes = store_.find("copy.class.bias").value;
    classes[1] = 30;  // the second class is meant, whatever the hidden state
    torch::Tensor gate = store_.find("copy.gate.bias").value;
    gate.fill_(30);
  }

  // The number whose waves come out when the answer holds `before` numbers.
  int copiedNumber(const std::vector<model::ProposedObject>& objects, std::int64_t before) const {
    const at::NoGradGuard noGradients;
    const torch::Tensor list = model::describeObjects(objects, kClasses, 6).unsqueeze(0);
    const torch::Tensor added = copying_.forward(at::zeros({1, 1, kWidth}), list, at::full({1, 1}, before, at::kLong));
    torch::Tensor table = at::empty({256, model::kNumberWaves});
    for (int number = 0; number < 256; ++number) model::numberWaves(number, table[number].data_ptr<float>());
    return static_cast<int>(table.matmul(added[0][0].narrow(0, 0, model::kNumberWaves)).argmax().item<std::int64_t>());
  }

  ParameterStore store_;
  model::CopyAttention copying_;
};

TEST_F(Copying, ReadsObjectAfterObjectOfTheClassThatIsMeant) {
  const std::vector<model::ProposedObject> objects = {
      {0, 0.9, 10, 20, 30, 15, 5}, {1, 0.8, 60, 70, 31, 16, 6}, {1, 0.7, 80, 90, 32, 17, 7}, {2, 0.6, 110, 120, 33, 18, 8}};
  const std::vector<int> expected = {60, 70, 31, 16, 6, 80, 90, 32, 17, 7};
  for (std::size_t before = 0; before < expected.size(); ++before) {
    EXPECT_EQ(copiedNumber(objects, static_cast<std::int64_t>(before)), expected[before]) << before;
  }
}

TEST_F(Copying, AddsNothingBeyondTheList) {
  const at::NoGradGuard noGradients;
  const torch::Tensor list =
      model::describeObjects(std::vector<model::ProposedObject>{{1, 0.8, 60, 70, 31, 16, 6}}, kClasses, 6).unsqueeze(0);
  const torch::Tensor added = copying_.forward(at::zeros({1, 1, kWidth}), list, at::full({1, 1}, std::int64_t{5}, at::kLong));
  EXPECT_EQ(added.abs().max().item<float>(), 0);
}

TEST(NumbersSinceAnswer, StartAnewWithEveryAnswer) {
  torch::Tensor flags = at::zeros({1, 8, 2});
  for (const int number : {0, 2, 3, 6, 7}) flags[0][number][0] = 1;
  for (const int begin : {1, 5}) flags[0][begin][1] = 1;
  const std::vector<std::int64_t> expected = {1, 0, 1, 2, 2, 0, 1, 2};
  EXPECT_TRUE(at::equal(model::numbersSinceAnswer(flags)[0], at::tensor(expected, at::kLong)));
}

}  // namespace
}  // namespace orthoscribe::learn
