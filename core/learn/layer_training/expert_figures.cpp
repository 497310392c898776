// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/layer_training/expert_figures.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>

#include "core/learn/data/decoder_views.h"
#include "core/learn/layer_training/layer_pictures.h"
#include "core/learn/metrics/average_precision.h"

namespace orthoscribe::learn {
namespace {

std::vector<geo::Point> outlineOf(const geo::OrientedBox& box) {
  const geo::Quad quad = geo::corners(box);
  return {quad.begin(), quad.end()};
}

std::string nameOf(int objectClass) {
  return std::string(kObjectClasses[static_cast<std::size_t>(objectClass)]);
}

// Of the picture's own pixels: its border is continued by its mirror image to the size that the tower wants.
void addTo(std::vector<FoundObject>& found, const std::vector<model::ProposedObject>& objects, const Sample& sample,
           std::int64_t image) {
  for (const model::ProposedObject& object : objects) {
    if (!sample.boxesKnown[static_cast<std::size_t>(object.objectClass)]) continue;
    if (object.centreX >= sample.image.width || object.centreY >= sample.image.height) continue;
    const geo::OrientedBox box =
        geo::makeOrientedBox({object.centreX, object.centreY}, object.longSide, object.shortSide, object.angleDeg);
    found.push_back({image, nameOf(object.objectClass), outlineOf(box), object.score});
  }
}

}  // namespace

std::map<std::string, ClassFigures> measureExpert(const model::StarterVision& eyes, const std::vector<Sample>& samples,
                                                  torch::Device device, at::ScalarType dtype, const CancelToken& cancel) {
  const at::NoGradGuard noGradients;
  const auto side = static_cast<int>(eyes.config().sidePx);
  std::vector<TrueObject> truths;
  std::vector<FoundObject> found;
  for (std::size_t index = 0; index < samples.size(); ++index) {
    cancel.throwIfCancelled();
    const Sample& sample = samples[index];
    const auto image = static_cast<std::int64_t>(index);
    const View view = takeView(sample, ViewTransform{}, side);
    for (const LabelledBox& box : view.boxes)
      if (!isRejected(box)) truths.push_back({image, nameOf(box.objectClass), outlineOf(box.box), box.difficult});
    const model::StarterView seen = eyes.look(normalisedPixels(pixelTensor(view.image).unsqueeze(0), device, dtype));
    addTo(found, seen.objects.front(), sample, image);
  }
  std::vector<FoundObject> said;
  std::copy_if(found.begin(), found.end(), std::back_inserter(said),
               [](const FoundObject& object) { return object.score >= kSaidScore; });
  const PrecisionReport byScore = averagePrecision(truths, found, false);
  std::map<std::string, ClassFigures> figures;
  for (const auto& [label, judged] : averagePrecision(truths, said, true).classes) {
    const auto ranked = byScore.classes.find(label);
    const double area = ranked == byScore.classes.end() ? 0 : ranked->second.area.value_or(0);
    figures[label] = {area, judged.truths, judged.found, judged.hits};
  }
  return figures;
}

}  // namespace orthoscribe::learn
