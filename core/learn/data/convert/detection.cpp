// SPDX-License-Identifier: GPL-2.0-or-later
// All objects of a picture: every class of the set in one request, or a request a class, as the dialect was trained
// (reference/rscovlm.md 2.5).
#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "core/learn/data/convert/makers.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {
namespace {

struct Sorted {
  std::tuple<std::string, double, double> key;
  LabelledShape shape;
};

// By the class as it is spoken of, then from the top, then from the left, both in whole pixels of the resized picture.
std::vector<LabelledShape> inTaughtOrder(const std::vector<LabelledShape>& objects, const ConversionContext& context) {
  const tasks::PictureFrame& frame = context.frame;
  std::vector<Sorted> sorted;
  for (const LabelledShape& shape : objects) {
    const tasks::UprightNumbers bounds = tasks::boundsOf(shape.quad);
    sorted.push_back({{context.dialect.spokenName(shape.label), std::trunc(bounds.y1 * frame.modelHeight / frame.height),
                       std::trunc(bounds.x1 * frame.modelWidth / frame.width)},
                      shape});
  }
  std::ranges::stable_sort(sorted, {}, &Sorted::key);
  std::vector<LabelledShape> ordered;
  for (Sorted& entry : sorted) ordered.push_back(std::move(entry.shape));
  return ordered;
}

Conversation conversationAbout(const std::vector<std::string>& spokenClasses, std::vector<LabelledShape> objects,
                               const ConversionContext& context) {
  std::vector<tasks::NamedQuad> named;
  for (const LabelledShape& shape : objects) named.push_back({context.dialect.spokenName(shape.label), shape.quad});
  Conversation conversation;
  conversation.task = "detection";
  conversation.turns =
      taughtTurns(context.dialect.taughtDetectMessages(spokenClasses, {}), context.dialect.formatAnswer(named, context.frame));
  conversation.objects = std::move(objects);
  return conversation;
}

// The classes that the picture does not show, `count` of them, which ones differs from picture to picture but not from run to
// run.
std::vector<std::string> absentOf(const std::vector<std::string>& classes,
                                  const std::map<std::string, std::vector<LabelledShape>>& seen, const Record& record,
                                  int count) {
  std::vector<std::string> absent;
  for (const std::string& name : classes) {
    if (!seen.contains(name)) absent.push_back(name);
  }
  if (absent.empty()) return absent;
  std::size_t start = 0;
  for (const char character : record.image.filename().string()) start = start * 31 + static_cast<unsigned char>(character);
  std::rotate(absent.begin(), absent.begin() + static_cast<std::ptrdiff_t>(start % absent.size()), absent.end());
  absent.resize(std::min(absent.size(), static_cast<std::size_t>(count)));
  return absent;
}

std::vector<std::string> spokenClasses(const ConversionContext& context) {
  std::vector<std::string> names;
  for (const std::string& name : context.options.objectClasses) names.push_back(context.dialect.spokenName(name));
  std::ranges::sort(names);
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return names;
}

std::vector<Conversation> oneAClass(const Record& record, const ConversionContext& context) {
  std::map<std::string, std::vector<LabelledShape>> byClass;
  for (LabelledShape& shape : inTaughtOrder(record.objects, context)) {
    std::string name = context.dialect.spokenName(shape.label);
    byClass[std::move(name)].push_back(std::move(shape));
  }
  std::vector<Conversation> conversations;
  for (const auto& [name, objects] : byClass) conversations.push_back(conversationAbout({name}, objects, context));
  for (const std::string& name : absentOf(spokenClasses(context), byClass, record, context.options.absentClasses))
    conversations.push_back(conversationAbout({name}, {}, context));
  return conversations;
}

}  // namespace

std::vector<Conversation> detectionConversations(const Record& record, const ConversionContext& context) {
  if (!record.objectsKnown || !record.turns.empty()) return {};
  if (context.dialect.classesPerRequest() == 1) return oneAClass(record, context);
  return {conversationAbout(spokenClasses(context), inTaughtOrder(record.objects, context), context)};
}

}  // namespace orthoscribe::learn
