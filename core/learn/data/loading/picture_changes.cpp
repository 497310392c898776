// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/picture_changes.h"

#include <algorithm>

#include "core/learn/data/loading/direction_words.h"
#include "core/learn/data/loading/spoken_places.h"
#include "core/tasks/task_prompts.h"

namespace orthoscribe::learn {
namespace {

bool givesPlaces(const std::string& text, const tasks::Dialect& dialect, const tasks::PictureFrame& frame) {
  const tasks::ZoomTalk* talk = dialect.tasks().zoomTalk();
  if (talk != nullptr && talk->read(text, frame).made) return false;
  return !dialect.parse(text, frame, {"?"}, true).boxes.empty();
}

// Whether a number in a text can change at all.
bool movesNumbers(const PictureMove& move, const tasks::Dialect& dialect) {
  return !move.orientation.isIdentity() || (dialect.countsResizedPixels() && !move.isIdentity());
}

class Changer {
 public:
  Changer(const PictureMove& move, const tasks::Dialect* dialect, bool severalPictures)
      : move_(move), dialect_(dialect), severalPictures_(severalPictures) {}

  // False when the text cannot be followed.
  bool change(std::string& text) const {
    std::optional<std::string> turned = turnDirectionWords(text, move_.orientation);
    if (!turned) return false;
    if (dialect_ != nullptr && movesNumbers(move_, *dialect_)) {
      if (severalPictures_ && givesPlaces(*turned, *dialect_, move_.from)) return false;
      turned = movePlaces(*turned, *dialect_, move_);
      if (!turned) return false;
    }
    text = std::move(*turned);
    return true;
  }

 private:
  const PictureMove& move_;
  const tasks::Dialect* dialect_;
  bool severalPictures_;
};

tasks::PictureFrame frameUnder(const tasks::Dialect* dialect, const std::optional<ResizeLimits>& limits, PictureSize size) {
  if (dialect == nullptr) return {double(size.width), double(size.height), double(size.width), double(size.height)};
  ModelInfo info;
  info.resize = limits;
  return dialect->frameFor(size.width, size.height, info);
}

}  // namespace

tasks::PictureFrame PlaceFrames::stored(PictureSize size) const {
  return frameUnder(dialect, written, size);
}

tasks::PictureFrame PlaceFrames::shown(PictureSize size) const {
  return frameUnder(dialect, resize, size);
}

std::optional<Conversation> changed(const Conversation& conversation, const std::vector<PictureSize>& sizes,
                                    const PictureChanges& changes, const PlaceFrames& frames) {
  if (sizes.empty()) return conversation;
  const PictureMove move{frames.stored(sizes.front()), frames.shown(changes.sizes.front()), changes.orientation};
  const Changer changer(move, frames.dialect, sizes.size() > 1);
  Conversation result = conversation;
  for (Turn& turn : result.turns) {
    if (turn.role != Role::System && !changer.change(turn.text)) return std::nullopt;
  }
  if (result.rejected && !changer.change(*result.rejected)) return std::nullopt;
  for (std::string& reference : result.references) {
    if (!changer.change(reference)) return std::nullopt;
  }
  for (LabelledShape& object : result.objects) object.quad = move.moved(object.quad);
  return result;
}

}  // namespace orthoscribe::learn
