// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/aspects/aspect_conversations.h"

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/error.h"
#include "core/engine/aspects/aspect_fusion.h"
#include "core/engine/aspects/aspect_instructions.h"
#include "core/engine/aspects/aspect_set.h"
#include "core/engine/aspects/aspect_text.h"
#include "core/learn/aspects/aspect_splitter.h"

namespace orthoscribe::learn {
namespace {

constexpr std::array<std::string_view, kAspectExperts> kTypes = {"theme", "objects", "relationships", "router", "fusion"};

// RSICap's own (rsmoe_and_metrics.md section 3.12).
constexpr std::array<std::string_view, 4> kWishes = {
    "Take a look at this image and describe what you notice.", "Please provide a detailed description of the picture.",
    "Could you describe the contents of this image for me?", "Describe this image in detail."};

constexpr std::size_t kFocusNouns = 2;

// So that the router learns to look at the image.
std::string focused(const std::string& instruction, const std::string& target) {
  std::string focus;
  for (const std::string& noun : frequentNouns(target, kFocusNouns)) focus += (focus.empty() ? " Focus on " : ", ") + noun;
  return focus.empty() ? instruction : instruction + focus + ".";
}

class Maker {
 public:
  Maker(const Record& record, const std::string& image, std::int64_t number)
      : record_(record), image_(image), id_(record.id.empty() ? image : record.id), number_(number) {}

  // The pictures stand before the question, as where a model is asked.
  void add(std::string_view task, std::string_view type, const std::string& asked, const std::string& answer,
           const std::string& of = {}) {
    Conversation made;
    made.id = id_ + ":" + std::to_string(number_) + ":" + std::string(type.empty() ? task : type) + (of.empty() ? "" : ":" + of);
    if (!image_.empty()) made.images = {image_};
    made.source = record_.source;
    made.task = task;
    made.type = type;
    made.turns = {{Role::User, asked}, {Role::Assistant, answer}};
    made_.push_back(std::move(made));
  }
  std::vector<Conversation> take() { return std::move(made_); }

 private:
  const Record& record_;
  const std::string& image_;
  std::string id_;
  std::int64_t number_;
  std::vector<Conversation> made_;
};

}  // namespace

std::int64_t expertOfType(std::string_view type) {
  const auto found = std::ranges::find(kTypes, type);
  if (found != kTypes.end()) return found - kTypes.begin();
  std::string known;
  for (const std::string_view name : kTypes) known += (known.empty() ? "" : ", ") + std::string(name);
  throw Error(ErrorCode::InvalidInput, "'" + std::string(type) + "' is no type of conversations of aspects",
              "known are " + known);
}

std::string_view typeOfExpert(std::int64_t expert) {
  return kTypes.at(static_cast<std::size_t>(expert));
}

std::vector<Conversation> aspectConversations(const Record& record, std::string_view caption, const std::string& image,
                                              std::int64_t number) {
  const std::string whole = engine::trimmedText(caption);
  if (whole.empty()) return {};
  const std::string wish(kWishes[static_cast<std::size_t>(number) % kWishes.size()]);
  const AspectTexts texts = splitByAspects(whole);
  const std::array<const std::string*, 3> targets = {&texts.theme, &texts.objects, &texts.relations};
  Maker maker(record, image, number);
  maker.add("caption", {}, wish, whole);
  std::vector<AspectPart> parts;
  const std::vector<engine::Aspect> aspects = engine::plainAspects().aspects;
  for (std::size_t i = 0; i < targets.size(); ++i) {
    parts.push_back({.name = aspects[i].name, .instruction = {}, .text = *targets[i]});
    if (targets[i]->empty()) continue;
    const std::string instruction = focused(aspects[i].instruction, *targets[i]);
    // By turns as the template asks, and as the router does.
    maker.add(kAspectTask, kTypes[i], number % 2 == 0 ? aspects[i].instruction : instruction, *targets[i]);
    maker.add(kAspectTask, kTypes[3], engine::routerPrompt(aspects[i], wish), instruction, aspects[i].name);
  }
  maker.add(kAspectTask, kTypes[4], engine::fusionPrompt(wish, parts), whole);
  return maker.take();
}

}  // namespace orthoscribe::learn
