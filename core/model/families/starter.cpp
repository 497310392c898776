// SPDX-License-Identifier: GPL-2.0-or-later
// The model that comes with the program: a convolutional tower with a list of objects (core/model/blocks/starter_vision.h) before
// a small Qwen2 decoder.
#include <string>
#include <utility>

#include "core/base/error.h"
#include "core/model/blocks/decoder_network.h"
#include "core/model/blocks/starter_vision.h"
#include "core/model/families/builders.h"

namespace orthoscribe::model {
namespace {

class StarterEncoder : public ImageEncoder {
 public:
  StarterEncoder(const Scope& weights, const StarterVisionConfig& config) : vision_(weights, config) {}

  torch::Tensor encode(const torch::Tensor& pixels, const Observer* observer) const override {
    const std::int64_t side = vision_.config().sidePx;
    if (pixels.size(2) != side || pixels.size(3) != side) {
      throw Error(ErrorCode::InvalidInput,
                  "the starter takes images of " + std::to_string(side) + " x " + std::to_string(side) + " pixels");
    }
    const StarterView view = vision_.look(pixels);
    if (observer) (*observer)("vision_features", view.grid);
    const torch::Tensor rows = vision_.project(view, pixels.scalar_type()).flatten(0, 1);
    if (observer) (*observer)("vision_projected", rows);
    return rows;
  }

 private:
  StarterVision vision_;
};

StarterVisionConfig readVision(const ConfigFields& config, std::int64_t width) {
  const ConfigFields fields = config.object("vision_config");
  StarterVisionConfig vision;
  vision.sidePx = fields.count("image_size");
  vision.width = width;
  vision.tower.stem = fields.count("stem");
  vision.tower.stage4 = fields.count("stage4");
  vision.tower.stage8 = fields.count("stage8");
  vision.tower.stage16 = fields.count("stage16");
  vision.tower.stage32 = fields.count("stage32");
  vision.tower.pyramid = fields.count("pyramid");
  vision.tower.head = fields.count("head");
  vision.tower.objectClasses = fields.count("object_classes");
  vision.tower.scenes = fields.count("scenes");
  vision.tower.attributes = fields.count("attributes");
  vision.proposals.limit = fields.count("objects");
  vision.proposals.minimumScore = fields.positive("minimum_score");
  constexpr std::int64_t kCoarsestStride = 32;
  if (vision.sidePx % kCoarsestStride != 0) fields.wrong("image_size", "is no multiple of 32");
  if (vision.imageTokens() != config.count("num_image_token"))
    config.wrong("num_image_token", "does not fit vision_config, which makes " + std::to_string(vision.imageTokens()));
  return vision;
}

}  // namespace

std::unique_ptr<Network> buildStarter(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  const DecoderConfig decoder = readQwen2(config.object("llm_config"), weights);
  auto encoder = std::make_unique<StarterEncoder>(weights, readVision(config, decoder.hidden));
  return std::make_unique<DecoderNetwork>("starter", Decoder(weights, decoder, adapters), std::move(encoder));
}

}  // namespace orthoscribe::model
