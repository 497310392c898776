// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/blocks/starter_vision.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

namespace orthoscribe::model {
namespace {

constexpr double kNormEpsilon = 1e-5;

// Score of the best object of each class, [N, classes].
torch::Tensor bestScores(const std::vector<std::vector<ProposedObject>>& lists, std::int64_t classes) {
  torch::Tensor best = at::zeros({static_cast<std::int64_t>(lists.size()), classes});
  auto write = best.accessor<float, 2>();
  for (std::size_t picture = 0; picture < lists.size(); ++picture) {
    for (const ProposedObject& object : lists[picture]) {
      float& score = write[static_cast<std::int64_t>(picture)][object.objectClass];
      score = std::max(score, static_cast<float>(object.score));
    }
  }
  return best;
}

}  // namespace

StarterVision::Dense::Dense(const Scope& scope, std::int64_t in, std::int64_t out)
    : weight(scope.take("weight", {out, in}, FreshValue::KaimingUniform)), bias(scope.take("bias", {out}, FreshValue::Zeros)) {}

torch::Tensor StarterVision::Dense::forward(const torch::Tensor& input) const {
  return at::linear(input, weight.to(input.scalar_type()), bias.to(input.scalar_type()));
}

StarterVision::StarterVision(const Scope& scope, const StarterVisionConfig& config, Adapters adapters)
    : config_(config),
      tower_(scope.sub("tower"), config.tower, adapters),
      picture1_(scope.sub("projector.picture1"),
                config.tower.stage32 + config.tower.scenes + config.tower.attributes + config.tower.objectClasses,
                2 * config.width),
      picture2_(scope.sub("projector.picture2"), 2 * config.width, config.width),
      grid1_(scope.sub("projector.grid1"), config.tower.stage32, config.width),
      grid2_(scope.sub("projector.grid2"), config.width, config.width),
      object1_(scope.sub("projector.object1"), objectFeatureCount(config.tower.objectClasses), 2 * config.width),
      object2_(scope.sub("projector.object2"), 2 * config.width, config.width) {}

StarterView StarterVision::look(const torch::Tensor& pixels) const {
  const at::NoGradGuard noGradients;
  const ConvTowerOutput seen = tower_.forward(pixels, false);
  StarterView view;
  view.grid = seen.context.to(at::kFloat).flatten(2).transpose(1, 2).contiguous();
  view.scenes = seen.scenes.softmax(1);
  view.attributes = seen.attributes.sigmoid();
  for (std::int64_t picture = 0; picture < pixels.size(0); ++picture)
    view.objects.push_back(proposeObjects(seen.heat[picture], seen.geometry[picture], config_.proposals));
  return view;
}

torch::Tensor StarterVision::describe(const StarterView& view) const {
  std::vector<torch::Tensor> descriptions;
  for (const auto& list : view.objects)
    descriptions.push_back(describeObjects(list, config_.tower.objectClasses, config_.proposals.limit));
  return at::stack(descriptions).to(view.grid.device());
}

torch::Tensor StarterVision::project(const StarterView& view, at::ScalarType dtype) const {
  const std::int64_t classes = config_.tower.objectClasses;
  const torch::Device device = view.grid.device();
  const torch::Tensor objects = describe(view).to(dtype);
  const torch::Tensor grid = at::layer_norm(view.grid, {config_.tower.stage32}, {}, {}, kNormEpsilon).to(dtype);
  const torch::Tensor pooled = at::layer_norm(view.grid.mean(1), {config_.tower.stage32}, {}, {}, kNormEpsilon);
  const torch::Tensor picture =
      at::cat({pooled, view.scenes, view.attributes, bestScores(view.objects, classes).to(device)}, 1).to(dtype);
  return at::cat({picture2_.forward(at::gelu(picture1_.forward(picture))).unsqueeze(1),
                  grid2_.forward(at::gelu(grid1_.forward(grid))), object2_.forward(at::gelu(object1_.forward(objects)))},
                 1);
}

}  // namespace orthoscribe::model
