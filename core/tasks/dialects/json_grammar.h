// SPDX-License-Identifier: GPL-2.0-or-later
// Objects with a box and a label in text that is nearly JSON: with a fence or prose around it, cut short, with single quotes.
#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

#include "core/tasks/dialect.h"
#include "core/tasks/text_span.h"

namespace orthoscribe::tasks {

struct JsonEntry {
  std::vector<double> numbers;
  std::string label;      // empty: none
  std::size_t begin = 0;  // from '{' to behind '}'
  std::size_t end = 0;
  TextSpan numbersAt;
  TextSpan labelAt;
};

struct JsonScan {
  std::vector<JsonEntry> entries;
  std::vector<DroppedPart> dropped;
  std::size_t consumed = 0;
};

// Objects that have one of `boxKeys` with a list of numbers, and perhaps "label"; at any depth, so that a wrapper around the
// list, or a brace too many, does no harm. Time grows linearly with the text.
JsonScan scanJson(std::string_view text, std::initializer_list<std::string_view> boxKeys, bool final);

// A JSON string with quotes.
std::string jsonString(std::string_view text);

}  // namespace orthoscribe::tasks
