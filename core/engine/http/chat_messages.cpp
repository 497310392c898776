// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/chat_messages.h"

#include <string>
#include <utility>

#include "core/base/image_codec.h"
#include "core/engine/http/field_error.h"
#include "core/engine/http/request_fields.h"

namespace orthoscribe::engine::http {
namespace {

constexpr const char* kImageMarker = "<image>";

// What is left of a request's limits while its messages are read.
struct Allowance {
  std::int64_t pixels = 0;
  int images = 0;
};

Role roleOf(const RequestFields& fields) {
  const std::string role = fields.text("role").value_or("");
  if (role == "user") return Role::User;
  if (role == "assistant") return Role::Assistant;
  if (role == "system" || role == "developer") return Role::System;
  throw FieldError(fields.pathOf("role"), role.empty() ? "is missing" : "is \"" + role + "\", which is not offered",
                   "use system, developer, user or assistant");
}

RgbImage imageOf(const RequestFields& part, Allowance& allowance) {
  const auto* holder = part.find("image_url");
  if (!holder) throw FieldError(part.pathOf("image_url"), "is missing");
  const RequestFields fields(*holder, part.pathOf("image_url"));
  const auto url = fields.text("url");
  const std::string path = fields.pathOf("url");
  if (!url) throw FieldError(path, "is missing", "send the image as data:image/png;base64,...");
  if (!url->starts_with("data:")) {
    throw FieldError(path, "is not a data URL, and nothing is fetched for a client",
                     "send the image itself as data:image/png;base64,...");
  }
  if (allowance.images-- == 0) throw FieldError(path, "is one image too many for a request", "send fewer images");
  try {
    RgbImage image = decodeImage(parseDataUrl(*url), "the image", {.maxPixels = allowance.pixels});
    allowance.pixels -= static_cast<std::int64_t>(image.width) * image.height;
    return image;
  } catch (const Error& error) {
    throw FieldError(path, "cannot be used: " + error.message(), error.hint());
  }
}

bool startsWithSpace(const std::string& text) {
  return !text.empty() && (text[0] == ' ' || text[0] == '\n' || text[0] == '\t' || text[0] == '\r');
}

// Builds a message's text part by part and remembers where its images stood.
class ContentBuilder {
 public:
  void addText(const std::string& text) {
    if (afterText_) {
      marked_ += '\n';
      plain_ += '\n';
    }
    if (!images_.empty() && plain_.empty() && startsWithSpace(text)) imagesInside_ = true;
    marked_ += text;
    plain_ += text;
    afterText_ = true;
  }

  void addImage(RgbImage image) {
    if (!plain_.empty()) imagesInside_ = true;
    marked_ += kImageMarker;
    images_.push_back(std::move(image));
    afterText_ = false;
  }

  Message finish(Role role) && {
    return {.role = role, .text = imagesInside_ ? std::move(marked_) : std::move(plain_), .images = std::move(images_)};
  }

 private:
  std::string plain_;
  std::string marked_;
  std::vector<RgbImage> images_;
  bool afterText_ = false;
  bool imagesInside_ = false;
};

void addPart(const nlohmann::json& part, const std::string& path, Role role, Allowance& allowance, ContentBuilder& builder) {
  const RequestFields fields(part, path);
  const std::string type = fields.text("type").value_or("");
  if (type == "text") {
    const auto text = fields.text("text");
    if (!text) throw FieldError(fields.pathOf("text"), "is missing");
    builder.addText(*text);
  } else if (type == "image_url") {
    if (role != Role::User) throw FieldError(path, "is an image, which only a user's message may hold");
    builder.addImage(imageOf(fields, allowance));
  } else {
    throw FieldError(fields.pathOf("type"), type.empty() ? "is missing" : "is \"" + type + "\", which is not offered",
                     "use text or image_url");
  }
}

Message messageOf(const nlohmann::json& value, const std::string& path, Allowance& allowance) {
  const RequestFields fields(value, path);
  const Role role = roleOf(fields);
  const auto* content = fields.find("content");
  if (!content) throw FieldError(fields.pathOf("content"), "is missing", "send a string or an array of parts");
  if (content->is_string()) return {.role = role, .text = content->get<std::string>(), .images = {}};
  if (!content->is_array()) {
    throw FieldError(fields.pathOf("content"), std::string("must be a string or an array of parts, not ") + content->type_name());
  }
  ContentBuilder builder;
  for (std::size_t index = 0; index < content->size(); ++index) {
    addPart((*content)[index], fields.pathOf("content") + "[" + std::to_string(index) + "]", role, allowance, builder);
  }
  return std::move(builder).finish(role);
}

}  // namespace

std::vector<Message> parseMessages(const nlohmann::json& messages, const ChatLimits& limits) {
  if (messages.empty()) throw FieldError("messages", "is empty", "send at least one message of the user");
  Allowance allowance{.pixels = limits.maxImagePixels, .images = limits.maxImages};
  std::vector<Message> parsed;
  for (std::size_t index = 0; index < messages.size(); ++index) {
    parsed.push_back(messageOf(messages[index], "messages[" + std::to_string(index) + "]", allowance));
  }
  return parsed;
}

}  // namespace orthoscribe::engine::http
