// SPDX-License-Identifier: GPL-2.0-or-later
// What a description by aspects is made of: each aspect in the words of an expert of its own, and how the parts became one
// caption (after RS-MoE, arXiv 2411.01595; the design is our own, rsmoe_and_metrics.md section 5).
#pragma once

#include <limits>
#include <string>
#include <vector>

namespace orthoscribe {

struct AspectPart {
  std::string name;                                                      // "theme"
  std::string instruction;                                               // that the expert was given
  std::string text;                                                      // empty when it was skipped
  bool ownExpert = false;                                                // else the base model answered
  bool skipped = false;                                                  // since it does not concern this image
  double relevance = 1.0;                                                // 0..1; 1 where nobody judges it
  double meanLogProbability = std::numeric_limits<double>::quiet_NaN();  // of its tokens; NaN: unknown
};

struct AspectReport {
  std::vector<AspectPart> parts;
  std::string router;           // who wrote the instructions: "template" or "generate"
  std::string fusion;           // how the caption came about: "generate", "concat" or "best"
  bool fusionFallback = false;  // the generated caption said a number that no part says; the parts were joined instead

  // Whether any part was written by an expert of its own.
  bool hasExperts() const {
    for (const AspectPart& part : parts)
      if (part.ownExpert) return true;
    return false;
  }
};

}  // namespace orthoscribe
