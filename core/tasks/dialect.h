// SPDX-License-Identifier: GPL-2.0-or-later
// How a family speaks of boxes and wants to be asked: prompts in, boxes out.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/vision_language_model.h"
#include "core/geo/oriented_box.h"
#include "core/tasks/text_span.h"

namespace orthoscribe::tasks {

// The picture's size as sent, and as the model sees it after its own resizing (equal if it does none).
struct PictureFrame {
  double width = 0;
  double height = 0;
  double modelWidth = 0;
  double modelHeight = 0;
};

// A box as the model said it, converted to pixels of the picture that was sent.
struct SpokenBox {
  std::string label;
  geo::Quad quad;             // corners exactly as the model put them, in picture pixels, y down
  std::size_t textBegin = 0;  // bytes of the answer that spell this object
  std::size_t textEnd = 0;
  // Those of them, or before them, that spell its name and its numbers; empty: all.
  std::vector<TextSpan> said = {};
};

// An object as a label has it.
struct NamedQuad {
  std::string label;
  geo::Quad quad;  // picture pixels, y down
};

// An entry of an answer that was begun but cannot be used.
struct DroppedPart {
  std::size_t textBegin = 0;  // bytes of the answer
  std::size_t textEnd = 0;
  std::string_view why;  // a few words that outlive the answer: "cut short", "no label"
};

struct ParsedAnswer {
  std::vector<SpokenBox> boxes;
  int dropped = 0;                        // as many as there are parts below
  std::vector<DroppedPart> droppedParts;  // in the order of the text

  void drop(std::size_t begin, std::size_t end, std::string_view why) { drop({begin, end, why}); }
  void drop(const DroppedPart& part) {
    ++dropped;
    droppedParts.push_back(part);
  }

  // Bytes that need not be looked at again when more text arrives: parsing the text from there gives the boxes that begin there
  // or later (those already returned among them again), with offsets that count from there.
  std::size_t consumed = 0;
};

class TaskPrompts;

class Dialect {
 public:
  virtual ~Dialect() = default;
  virtual std::string_view name() const = 0;

  // Messages that ask for objects of these classes. Models that were trained on one class a question get several requests:
  // classesPerRequest() says how many fit into one; 0: all.
  virtual int classesPerRequest() const { return 0; }
  virtual std::vector<Message> detectMessages(const std::vector<std::string>& classes, RgbImage picture) const = 0;
  virtual std::vector<Message> describeMessages(RgbImage picture) const = 0;
  virtual std::vector<Message> askMessages(const std::string& question, RgbImage picture) const = 0;

  // The same in the words of the family's training, where these differ from what it is measured with.
  virtual std::vector<Message> taughtDetectMessages(const std::vector<std::string>& classes, RgbImage picture) const;
  // What a class of a data set is called in prompts and answers: "small vehicle" for "small-vehicle".
  virtual std::string spokenName(std::string_view className) const;

  // Parses an answer, whole or (final = false) still growing: then only entries that can no longer change are returned. `classes`
  // as asked: a label is matched to them without case and with '-' as ' '; with one class asked and no label said, that class is
  // meant. Never throws on any text.
  virtual ParsedAnswer parse(std::string_view text, const PictureFrame& frame, const std::vector<std::string>& classes,
                             bool final) const = 0;

  // The text this dialect uses for a box, inverse of parse up to its rounding.
  virtual std::string format(const geo::OrientedBox& box, std::string_view label, const PictureFrame& frame) const = 0;

  // A whole answer as the family's training data spell it, objects in the order given; without objects the words for that. The
  // inverse of parse up to its rounding.
  virtual std::string formatAnswer(const std::vector<NamedQuad>& objects, const PictureFrame& frame) const;

  // Size at which the dialect's published models see a picture of this size.
  virtual PictureFrame frameOf(int width, int height) const {
    return {double(width), double(height), double(width), double(height)};
  }
  // Whether numbers are pixels of the picture as the model resized it.
  virtual bool countsResizedPixels() const { return false; }
  // What numbers run to at the right and lower edge; 0: pixels of the picture as the model sees it.
  virtual double unitsPerSide() const { return 0; }
  // Size at which the model at hand sees it, which may resize by limits of its own.
  PictureFrame frameFor(int width, int height, const ModelInfo& info) const;

  // Longer side of the picture when a whole area is looked at once, to describe it or to answer a question.
  virtual int lookSidePx(const ModelInfo& info) const { return info.imageSidePx; }

  // How the family is asked for the tasks that not every family was trained for; none of them, unless it says so.
  virtual const TaskPrompts& tasks() const;
};

// The list of dialects: "starter", "rscovlm_polygon", "rscovlm_hbb", "rscovlm_obb", "skynova", "qwen2_5_vl", "qwen3_vl",
// "internvl", "geochat", "lmmrotate".
// Throws Error{Unsupported} listing the known ones.
const Dialect& dialectNamed(std::string_view name);
std::vector<std::string_view> dialectNames();

// Nothing when there is none of this name.
const Dialect* findDialect(std::string_view name);

// Chosen by what the model says of itself, or by its name when it is a foreign server ("RSCoVLM", "SkyNova", "Qwen3-VL"...).
// Throws Error{Unsupported} when neither tells.
const Dialect& dialectFor(const ModelInfo& info);
const Dialect* findDialectFor(const ModelInfo& info);

}  // namespace orthoscribe::tasks
