// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/metrics/report/markup.h"

#include <cstdio>

#include "core/base/text_encoding.h"

namespace orthoscribe::learn::report {

std::string escaped(std::string_view text) {
  std::string markup;
  for (const char letter : repairUtf8(text)) {
    switch (letter) {
      case '&':
        markup += "&amp;";
        break;
      case '<':
        markup += "&lt;";
        break;
      case '>':
        markup += "&gt;";
        break;
      case '"':
        markup += "&quot;";
        break;
      default:
        if (static_cast<unsigned char>(letter) >= 0x20 || letter == '\n' || letter == '\t') markup += letter;
    }
  }
  return markup;
}

std::string fixedNumber(double value, int digits) {
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

std::string number(double value, int digits) {
  std::string shortened = fixedNumber(value, digits);
  if (shortened.find('.') == std::string::npos) return shortened;
  shortened.erase(shortened.find_last_not_of('0') + 1);
  if (shortened.ends_with('.')) shortened.pop_back();
  return shortened == "-0" ? "0" : shortened;
}

}  // namespace orthoscribe::learn::report
