// SPDX-License-Identifier: GPL-2.0-or-later
// A caption made aspect by aspect: instructions, parts, fusion (rsmoe_and_metrics.md section 5.2). Knows nothing of networks.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "core/base/cancel.h"
#include "core/base/vision_language_model.h"
#include "core/engine/aspects/aspect_set.h"

namespace orthoscribe::engine {

// One of several answers that are written together.
struct AspectRow {
  std::vector<Message> messages;
  std::int64_t expert = -1;  // number in the bank
  GenerationOptions options;
  // What the picture is looked at with, where its encoder reads the question: such encoders take short ones, and prompts that
  // hold notes are not about what to look for. Empty: the messages themselves.
  std::string question = {};
};

// What writes and judges. Both may throw Error.
struct AspectWriter {
  // One reply a row; cancelled: what there is of each.
  std::function<std::vector<Reply>(std::vector<AspectRow> rows)> write;
  // How much each aspect concerns the images of the conversation, 0..1; empty: nobody can tell.
  std::function<std::vector<double>(const std::vector<Message>& messages)> judge;
};

// messages: the last one wishes for a caption, or is a question, which the experts answer whom it concerns (question_aspects.h):
// then the reply is the words of the one that is surest. All parts are written in one batch; aspects of a relevance below 0.2 are
// skipped, but never all of them. The reply's text is the fused caption, which is handed to onToken in one piece once it is
// whole; its usage counts everything that was written. Cancelled: the parts that there are, joined.
Reply describeByAspects(const AspectSet& set, const std::vector<Message>& messages, const GenerationOptions& options,
                        const AspectWriter& writer, const VisionLanguageModel::OnToken& onToken);

}  // namespace orthoscribe::engine
