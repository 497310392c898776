// SPDX-License-Identifier: GPL-2.0-or-later
// How well the starter in training answers, without generating: every token of an answer must be the likeliest, given the right
// ones before it.
#pragma once

#include <vector>

#include "core/learn/train/packed_lessons.h"
#include "core/learn/train/starter_model.h"
#include "core/learn/train/training_loop.h"

namespace orthoscribe::learn {

// Shares of questions about the plain pictures that are answered word for word, by kind of question, and how many were asked.
Figures measurePictures(const StarterModel& starter, const std::vector<Sample>& samples, const LessonPacker& packer,
                        at::ScalarType dtype);

// The same of closed-book questions: {"knowledge", "knowledge_asked"}.
Figures measureKnowledge(const StarterModel& starter, const std::vector<QuestionAnswer>& questions, const LessonPacker& packer,
                         at::ScalarType dtype);

// The mean loss of each sample's answers, of its plain picture.
std::vector<double> lossesOfSamples(const StarterModel& starter, const std::vector<Sample>& samples, const LessonPacker& packer,
                                    at::ScalarType dtype);

}  // namespace orthoscribe::learn
