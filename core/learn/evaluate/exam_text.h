// SPDX-License-Identifier: GPL-2.0-or-later
// The result of an exam as a table for people and model cards, and as JSON for machines.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "core/learn/evaluate/exam.h"

namespace orthoscribe::learn {

std::string examTable(const ExamResult& result);  // Markdown
nlohmann::ordered_json examJson(const ExamResult& result);

}  // namespace orthoscribe::learn
