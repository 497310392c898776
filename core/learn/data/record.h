// SPDX-License-Identifier: GPL-2.0-or-later
// What a reader of a data set's format yields: one picture and what the set says of it, before it becomes conversations.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/geo/oriented_box.h"

namespace orthoscribe::learn {

struct LabelledShape {
  std::string label;
  geo::Quad quad;          // pixels of the picture, y down
  bool difficult = false;  // cut by the border, a crowd or hard to see: trained, not scored
  bool operator==(const LabelledShape&) const = default;
};

struct RecordQuestion {
  std::string question;
  std::string answer;
  std::string type;  // "presence", "count", ...; empty: not told
};

// A place that is meant by words rather than by a class.
struct RecordPhrase {
  std::string phrase;
  geo::Quad quad;  // pixels of the picture, y down
};

struct Turn {
  Role role = Role::User;
  std::string text;  // with "<image>" where a picture stands
  bool operator==(const Turn&) const = default;
};

struct Record {
  std::filesystem::path image;                 // empty: text only
  std::vector<std::filesystem::path> further;  // other pictures of a ready-made conversation, in its order
  std::string source;                          // the source picture before tiling: the unit of splitting
  int widthPx = 0;                             // 0: unknown
  int heightPx = 0;
  std::vector<LabelledShape> objects;
  bool objectsKnown = false;  // every object of the set's classes has a box: without one there truly is none
  std::string sceneClass;
  std::vector<std::string> captions;  // of equal worth
  std::vector<RecordQuestion> questions;
  std::vector<RecordPhrase> phrases;
  std::vector<Turn> turns;              // a conversation that is ready
  std::optional<std::string> rejected;  // a worse answer than its last turn
  std::string id;                       // the conversation's own; empty: it has none
  std::string task;                     // of the conversation; empty: not told
  std::string type;
  std::string where;  // "labels/P0001.txt:3", for messages
};

// Reads one data set from its first record to its last.
class RecordReader {
 public:
  virtual ~RecordReader() = default;
  // Nothing after the last one. Bad records are told to the SkipReport that the reader was made with and passed over; throws
  // Error when there are too many of them, or when nothing more can be read.
  virtual std::optional<Record> next() = 0;
  // Class names that the set itself lists, in its order. Empty: it lists none.
  virtual std::vector<std::string> classes() const { return {}; }
  // How many records there are, bad ones among them; 0: not known before the end.
  virtual std::int64_t size() const { return 0; }
};

}  // namespace orthoscribe::learn
