// SPDX-License-Identifier: GPL-2.0-or-later
// Conversations that are ready, passed through; where their boxes are in percent, in the dialect's units instead
// (reference/rscovlm.md 2.7).
#include <string>
#include <string_view>

#include "core/learn/data/convert/makers.h"
#include "core/learn/data/convert/spoken_boxes.h"
#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::learn {
namespace {

// What stands between tags in a question: "<p>the ship</p>"; empty without tags.
std::string taggedPhrase(std::string_view question) {
  for (const std::string_view tag : {"p", "ref"}) {
    const std::string open = "<" + std::string(tag) + ">";
    const std::size_t begin = question.find(open);
    const std::size_t end = question.find("</" + std::string(tag) + ">", begin);
    if (begin != std::string_view::npos && end != std::string_view::npos)
      return std::string(tasks::trimmed(question.substr(begin + open.size(), end - begin - open.size())));
  }
  return {};
}

std::vector<tasks::NamedQuad> objectsIn(std::string_view answer, const std::string& name, const tasks::PictureFrame& frame) {
  std::vector<tasks::NamedQuad> objects;
  for (const SpokenList& list : boxLists(answer)) {
    const tasks::UprightNumbers percent{double(list.numbers[0]), double(list.numbers[1]), double(list.numbers[2]),
                                        double(list.numbers[3])};
    const double angle = list.numbers.size() == 5 ? list.numbers[4] : 0;
    objects.push_back({name, tasks::turnedQuad(tasks::scaled(percent, frame.width / 100.0, frame.height / 100.0), angle)});
  }
  return objects;
}

class Rescaling {
 public:
  explicit Rescaling(const ConversionContext& context) : context_(context) {}

  std::string question(const std::string& text) {
    phrase_ = taggedPhrase(text);
    return inUnits(text);
  }
  // An answer of nothing but boxes becomes what the dialect answers with.
  std::string answer(const std::string& text) const {
    if (phrase_.empty() || !holdsOnlyBoxes(text)) return inUnits(text);
    return context_.dialect.formatAnswer(objectsIn(text, phrase_, context_.frame), context_.frame);
  }

 private:
  std::string inUnits(const std::string& text) const {
    const double units = context_.dialect.unitsPerSide();
    return rescaledBoxes(text, units > 0 ? units : context_.frame.modelWidth, units > 0 ? units : context_.frame.modelHeight);
  }

  const ConversionContext& context_;
  std::string phrase_;
};

}  // namespace

std::vector<Conversation> readyConversations(const Record& record, const ConversionContext& context) {
  if (record.turns.empty()) return {};
  Conversation conversation;
  conversation.task = record.task;
  // Other programs' files do not tell it.
  if (conversation.task.empty()) conversation.task = record.image.empty() ? "knowledge" : "vqa";
  conversation.type = record.type;
  conversation.turns = record.turns;
  conversation.rejected = record.rejected;
  conversation.objects = record.objects;
  conversation.references = record.captions;
  if (context.options.spokenUnit == SpokenUnit::Percent && !record.image.empty()) {
    Rescaling rescaling(context);
    for (Turn& turn : conversation.turns)
      turn.text = turn.role == Role::Assistant ? rescaling.answer(turn.text) : rescaling.question(turn.text);
    if (conversation.rejected) conversation.rejected = rescaling.answer(*conversation.rejected);
  }
  return {std::move(conversation)};
}

}  // namespace orthoscribe::learn
