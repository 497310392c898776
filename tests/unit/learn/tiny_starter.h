// SPDX-License-Identifier: GPL-2.0-or-later
// A starter small enough to train in a test, and pictures to train it on.
#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "core/learn/data/question.h"
#include "core/learn/data/sample.h"
#include "core/learn/data/survey.h"
#include "core/learn/train/starter_model.h"
#include "core/text/tokenizer.h"

namespace orthoscribe::learn {

// 64 x 64 pixels: a bright oriented box on dark ground, ship or car by its colour, with scene and caption.
std::vector<Sample> tinySamples(int count);

// Four closed-book questions.
std::vector<QuestionAnswer> tinyKnowledge();

// 64 px, a few channels, two layers of width 32, four experts of which two speak.
StarterShape tinyShape(std::int64_t vocabulary);

// Trained on the samples' texts; its files lie in `folder`.
std::unique_ptr<text::Tokenizer> tinyTokenizer(const std::vector<Sample>& samples, const std::filesystem::path& folder);

}  // namespace orthoscribe::learn
