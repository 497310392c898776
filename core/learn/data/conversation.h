// SPDX-License-Identifier: GPL-2.0-or-later
// The one form of a training sample, whatever set it comes from. A file holds one a line, in LLaVA's manner, so that other
// programs read it too:
//   {"id": "...", "image": ["a.jpg"], "source": "a.tif", "task": "vqa", "type": "presence",
//    "conversations": [{"from": "system" | "human" | "gpt", "value": "..."}], "rejected": "...",
//    "objects": [{"label": "ship", "quad": [8 numbers], "difficult": false}], "references": ["..."]}
#pragma once

#include <filesystem>
#include <fstream>
#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/learn/data/record.h"
#include "core/learn/data/skip_report.h"

namespace orthoscribe::learn {

// Stands in a turn's text for the next picture.
inline constexpr std::string_view kImageMarker = "<image>";

struct Conversation {
  std::string id;
  std::vector<std::string> images;  // relative to the file's folder, or as they are; none: text only
  std::string source;               // name of the source picture before tiling: the unit of splitting
  std::string task;                 // caption, vqa, classification, detection, grounding, knowledge, zoom, change, aspect
  std::string type;                 // of the question: presence, count, ...; may be empty
  std::vector<Turn> turns;          // perhaps a system turn, then a question and an answer by turns
  std::optional<std::string> rejected = {};  // a worse last answer: a pair for preferences
  std::vector<LabelledShape> objects = {};   // the truth, for evaluation; pixels of the picture
  std::vector<std::string> references = {};  // the same for captions
  bool operator==(const Conversation&) const = default;
};

// "image" may also be one name, "from" also "user" and "assistant"; other members are passed over. The markers are as many as the
// pictures, or none: then the pictures stand before the first question. Throws Error{InvalidInput} naming the member, without
// the place.
Conversation conversationOf(const nlohmann::json& sample);
// The same from one line of text.
Conversation parseConversation(std::string_view line);

// One line with its end; bytes that are no UTF-8 are replaced. Members that are empty are left out.
void writeConversation(std::ostream& out, const Conversation& conversation);

// Reads a file of such lines as it goes. Empty lines are passed over.
class ConversationReader {
 public:
  // report: must live as long; told of every bad line. Throws Error{NotFound or Io} naming the file.
  ConversationReader(std::filesystem::path path, SkipReport& report);

  // Nothing after the last one. Throws Error{InvalidInput} when too many lines are bad, Error{Io}.
  std::optional<Conversation> next();
  // "file:line" of what next() gave last.
  std::string where() const;

 private:
  std::filesystem::path path_;
  SkipReport& report_;
  std::ifstream stream_;
  std::int64_t line_ = 0;
};

}  // namespace orthoscribe::learn
