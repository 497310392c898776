// SPDX-License-Identifier: GPL-2.0-or-later
// The model that comes with the program: a convolutional tower with a list of objects (core/model/blocks/starter_vision.h) before
// a small Qwen2 decoder.
#include <string>
#include <utility>

#include "core/model/families/builders.h"
#include "core/model/families/starter_network.h"

namespace orthoscribe::model {

StarterVisionConfig readStarterVision(const ConfigFields& config) {
  const ConfigFields fields = config.object("vision_config");
  StarterVisionConfig vision;
  vision.sidePx = fields.count("image_size");
  vision.width = config.object("llm_config").count("hidden_size");
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

std::unique_ptr<Network> buildStarter(const ConfigFields& config, const Scope& weights, Adapters adapters) {
  const DecoderConfig decoder = readQwen2(config.object("llm_config"), weights);
  const StarterVisionConfig vision = readStarterVision(config);
  CopyAttention copying(weights.sub("copy"), decoder.hidden, decoder.vocabulary, vision.tower.objectClasses);
  return std::make_unique<StarterNetwork>(Decoder(weights, decoder, adapters), StarterVision(weights, vision, adapters),
                                          std::move(copying));
}

}  // namespace orthoscribe::model
