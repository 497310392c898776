// SPDX-License-Identifier: GPL-2.0-or-later
// Conversations in which the model looks closer at a part of a large picture, from pictures with labels (reference/rscovlm.md 4).
#pragma once

#include <filesystem>
#include <functional>

#include "core/base/cancel.h"
#include "core/base/smart_resize.h"
#include "core/learn/data/conversation.h"
#include "core/learn/data/zoom_questions.h"
#include "core/tasks/dialect.h"

namespace orthoscribe::learn {

struct ZoomMakerOptions {
  ZoomQuestionOptions questions;
  // Metres a pixel for which the margin is meant: on a raster of another known ground resolution it is as wide on the ground.
  // 0: the margin is in pixels of the raster itself.
  double marginResolutionM = 0.0;
  ResizeLimits limits{28, 64 * 784, 1296 * 784};  // of the pictures that are written
};

// Writes `folder`/images/*.jpg and gives the conversations, whose pictures are named relative to `folder`: the whole picture at
// the most pixels that the limits allow; for a question about one place, the request to see it in the dialect's own words and
// the place cut from the full resolution. A picture that is no larger than the limits allow gives only questions about the whole.
// Returns how many there are. Throws Error{Unsupported} for a dialect that cannot ask to see a place, Error{Io},
// Error{Cancelled}.
int makeZoomConversations(const Record& record, geo::RasterSource& picture, const tasks::Dialect& dialect,
                          const ZoomMakerOptions& options, const std::filesystem::path& folder,
                          const std::function<void(const Conversation&)>& sink, const CancelToken& cancel);

}  // namespace orthoscribe::learn
