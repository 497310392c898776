// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/tasks/dialects/bracket_grammar.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "core/tasks/dialects/grammar.h"

namespace orthoscribe::tasks {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;
constexpr std::array<std::string_view, 4> kTags = {"<ref>", "<p>", "<box>", "</box>"};

bool beginsLikeNumber(std::string_view content) {
  content = trimmed(content);
  return !content.empty() &&
         (content.front() == '-' || content.front() == '+' || (content.front() >= '0' && content.front() <= '9'));
}

class Scanner {
 public:
  Scanner(std::string_view text, const BracketRules& rules, bool final) : text_(text), rules_(rules), final_(final) {}

  BracketScan run() {
    std::size_t at = 0;
    while (at < text_.size()) {
      const char character = text_[at];
      if (character == '<') {
        if (!final_ && mayBecomeTag(at)) break;
        giveUpOpen(at);
        at += readTag(at);
        continue;
      }
      if (character == '[' && counts()) open_ = at;
      if (character == ']' && open_ != kNowhere) close(at);
      ++at;
    }
    if (final_) giveUpOpen(text_.size());
    result_.consumed = std::min({at, context_, open_});
    return std::move(result_);
  }

 private:
  bool counts() const { return insideBox_ || !rules_.onlyInBoxTags; }

  // The text ends within what may be a tag.
  bool mayBecomeTag(std::size_t at) const {
    const std::string_view rest = text_.substr(at);
    return std::any_of(kTags.begin(), kTags.end(),
                       [&](std::string_view tag) { return rest.size() < tag.size() && tag.starts_with(rest); });
  }

  // Length of what was read.
  std::size_t readTag(std::size_t at) {
    const std::string_view rest = text_.substr(at);
    for (const std::string_view tag : {kTags[0], kTags[1]}) {
      if (!rest.starts_with(tag)) continue;
      const std::size_t end = std::min(rest.find_first_of("<[", tag.size()), rest.size());
      label_ = trimmed(rest.substr(tag.size(), end - tag.size()));
      labelAt_ = {at + tag.size(), at + end};
      context_ = at;
      insideBox_ = false;
      return end;
    }
    if (rest.starts_with("<box>")) {
      insideBox_ = true;
      if (context_ == kNowhere) context_ = at;
      return 5;
    }
    if (rest.starts_with("</box>")) insideBox_ = false;
    return 1;
  }

  void close(std::size_t at) {
    const std::string_view content = text_.substr(open_ + 1, at - open_ - 1);
    std::optional<std::vector<double>> numbers = numbersOf(content);
    if (numbers && numbers->size() >= rules_.fewestNumbers && numbers->size() <= rules_.mostNumbers) {
      result_.entries.push_back({std::move(*numbers), label_, open_, at + 1, labelAt_});
    } else if (beginsLikeNumber(content)) {
      result_.dropped.push_back({open_, at + 1, numbers ? "wrong count of numbers" : "not made of numbers"});
    }
    open_ = kNowhere;
  }

  void giveUpOpen(std::size_t at) {
    if (open_ == kNowhere) return;
    if (beginsLikeNumber(text_.substr(open_ + 1, at - open_ - 1))) result_.dropped.push_back({open_, at, "cut short"});
    open_ = kNowhere;
  }

  std::string_view text_;
  const BracketRules& rules_;
  bool final_;
  BracketScan result_;
  std::string_view label_;
  TextSpan labelAt_;
  std::size_t context_ = kNowhere;  // where the tags begin that later entries still depend on
  std::size_t open_ = kNowhere;
  bool insideBox_ = false;
};

}  // namespace

BracketScan scanBrackets(std::string_view text, const BracketRules& rules, bool final) {
  return Scanner(text, rules, final).run();
}

ParsedAnswer bracketBoxes(std::string_view text, const BracketRules& rules, double whole, const PictureFrame& frame,
                          const std::vector<std::string>& classes, bool final) {
  const BracketScan scan = scanBrackets(text, rules, final);
  ParsedAnswer answer;
  answer.consumed = scan.consumed;
  for (const DroppedPart& part : scan.dropped) answer.drop(part);
  for (const BracketEntry& entry : scan.entries) {
    const auto& n = entry.numbers;
    const std::optional<UprightNumbers> box = cleaned({n[0], n[1], n[2], n[3]}, whole, whole);
    if (!box) {
      answer.drop(entry.begin, entry.end, kNoArea);
      continue;
    }
    const UprightNumbers pixels = scaled(*box, frame.width / whole, frame.height / whole);
    const double angleDeg = n.size() == 5 ? n[4] : 0.0;
    answer.boxes.push_back({resolveLabel(entry.label, classes),
                            turnedQuad(pixels, angleDeg),
                            entry.begin,
                            entry.end,
                            {entry.labelAt, {entry.begin + 1, entry.end - 1}}});
  }
  sortDropped(answer);
  return answer;
}

}  // namespace orthoscribe::tasks
