// SPDX-License-Identifier: GPL-2.0-or-later
// What a phrase means, as one box (reference/rscovlm.md 2.6).
#include <algorithm>

#include "core/learn/data/convert/makers.h"

namespace orthoscribe::learn {
namespace {

bool isUpright(const geo::Quad& quad) {
  for (std::size_t i = 0; i < quad.size(); ++i) {
    const geo::Point from = quad[i];
    const geo::Point to = quad[(i + 1) % quad.size()];
    if (from.x != to.x && from.y != to.y) return false;
  }
  return true;
}

tasks::BoxShape shapeFor(const geo::Quad& quad, const ConversionContext& context) {
  const std::vector<tasks::BoxShape> offered = context.dialect.tasks().groundShapes();
  const auto offers = [&](tasks::BoxShape shape) { return std::ranges::find(offered, shape) != offered.end(); };
  if (context.options.groundShape && offers(*context.options.groundShape)) return *context.options.groundShape;
  return isUpright(quad) && offers(tasks::BoxShape::Upright) ? tasks::BoxShape::Upright : offered.front();
}

}  // namespace

std::vector<Conversation> groundingConversations(const Record& record, const ConversionContext& context) {
  if (record.phrases.empty()) return {};
  tasks::requireTask(context.dialect, "find what a phrase means",
                     [](const tasks::TaskPrompts& tasks) { return !tasks.groundShapes().empty(); });
  const tasks::TaskPrompts& family = context.dialect.tasks();
  std::vector<Conversation> conversations;
  for (const RecordPhrase& phrase : record.phrases) {
    const tasks::BoxShape shape = shapeFor(phrase.quad, context);
    Conversation conversation;
    conversation.task = "grounding";
    conversation.type = tasks::nameOf(shape);
    conversation.turns = taughtTurns(family.groundMessages(phrase.phrase, shape, {}),
                                     family.formatGround(context.dialect, phrase.phrase, phrase.quad, shape, context.frame));
    conversation.objects = {{phrase.phrase, phrase.quad, false}};
    conversations.push_back(std::move(conversation));
  }
  return conversations;
}

}  // namespace orthoscribe::learn
