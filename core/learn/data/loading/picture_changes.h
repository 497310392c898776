// SPDX-License-Identifier: GPL-2.0-or-later
// What is done to the pictures of a conversation before it is trained, and to all that is said of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/learn/data/conversation.h"
#include "core/learn/data/loading/orientation.h"
#include "core/learn/data/loading/random_resize.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::learn {

struct PictureChanges {
  Orientation orientation;         // of all pictures alike
  std::vector<PictureSize> sizes;  // of each picture, after turning
};

// How the texts give places, and what the model does to a picture before it counts pixels.
struct PlaceFrames {
  const tasks::Dialect* dialect = nullptr;   // null: texts give none; every number stays
  std::optional<ResizeLimits> resize;        // of the model; nothing: as the dialect's published models
  std::optional<ResizeLimits> written = {};  // for which the texts were written (data convert --pixels); nothing: likewise

  tasks::PictureFrame stored(PictureSize size) const;
  tasks::PictureFrame shown(PictureSize size) const;
};

// The conversation as it reads beside the changed pictures: words of direction, places in texts and the objects' corners follow;
// what the system says stays. sizes: of the stored pictures. Places are those of the first picture; when there are several and
// another than a request to see a place closer gives places, or when words or numbers cannot be followed exactly: nothing.
std::optional<Conversation> changed(const Conversation& conversation, const std::vector<PictureSize>& sizes,
                                    const PictureChanges& changes, const PlaceFrames& frames);

}  // namespace orthoscribe::learn
