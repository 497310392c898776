// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/verify/message_parts.h"

namespace orthoscribe::engine::verify {
namespace {

std::string markedPart(const text::JsonField& part) {
  const std::string type = part.member("type").textOr({});
  if (type == "image" || type == "image_url" || !part.member("image").isNull()) return "<image>";
  if (type.empty() || type == "text") return part.member("text").text();
  part.unsupported("a part of type '" + type + "'");
}

}  // namespace

std::string markedText(const text::JsonField& content) {
  if (!content.value().is_array()) return content.text();
  std::string marked;
  for (std::size_t i = 0; i < content.arraySize(); ++i) marked += markedPart(content.element(i));
  return marked;
}

}  // namespace orthoscribe::engine::verify
