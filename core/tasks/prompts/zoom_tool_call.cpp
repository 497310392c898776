// SPDX-License-Identifier: GPL-2.0-or-later
// The zoom-in chain as a function call (reference/rscovlm.md 4.2, 4.3).
#include <cmath>
#include <string>

#include "core/tasks/dialects/bracket_grammar.h"
#include "core/tasks/dialects/grammar.h"
#include "core/tasks/dialects/json_grammar.h"
#include "core/tasks/zoom_talk.h"

namespace orthoscribe::tasks {
namespace {

constexpr std::string_view kFunction = "image_zoom_in";
constexpr std::string_view kToolCall = "<tool_call>";
constexpr double kThousandths = 1000.0;

// Word for word what RSCoVLM was trained on, but for what `coordinates` says of the unit.
std::string systemText(std::string_view coordinates) {
  return "# Tools\n\nYou may call one or more functions to assist with the user query.\n\nYou are provided with function "
         "signatures within <tools></tools> XML tags:\n<tools>\n{\"type\": \"function\", \"function\": {\"name\": "
         "\"image_zoom_in\", \"description\": \"Zoom in to the region of interest on the given image. Input the bounding box of "
         "the region of interest and return the zoomed-in image to help to focus and view more clearly.\", \"parameters\": "
         "{\"name\": \"bbox\", \"type\": \"list[int]\", \"description\": \"The bounding box of the region of interest as an "
         "array "
         "[x1, y1, x2, y2], where (x1, y1) and (x2, y2) indicate the positions' " +
         std::string(coordinates) +
         " of the left top and right down corners, respectively.\", \"required\": true}}}\n</tools>\n\nFor each function call, "
         "return a json object with function name and arguments within <tool_call></tool_call> XML "
         "tags:\n<tool_call>\n{\"name\": "
         "<function-name>, \"arguments\": <args-json-object>}\n</tool_call>";
}

Message turn(Role role, std::string text) {
  Message message;
  message.role = role;
  message.text = std::move(text);
  return message;
}

// The first four numbers that could be a place: as the function's argument, else in any brackets of what may be cut short.
std::optional<UprightNumbers> numbersSaid(std::string_view answer) {
  for (const JsonEntry& entry : scanJson(answer, {"bbox", "bbox_2d"}, true).entries) {
    const auto& n = entry.numbers;
    if (n.size() == 4) return UprightNumbers{n[0], n[1], n[2], n[3]};
  }
  for (const BracketEntry& entry : scanBrackets(answer, {}, true).entries) {
    const auto& n = entry.numbers;
    if (n.size() == 4) return UprightNumbers{n[0], n[1], n[2], n[3]};
  }
  return std::nullopt;
}

class ZoomToolCall final : public ZoomTalk {
 public:
  // unitsPerSide: 0 for pixels of the resized picture.
  ZoomToolCall(std::string_view coordinates, double unitsPerSide)
      : system_(systemText(coordinates)), unitsPerSide_(unitsPerSide) {}

  std::vector<Message> open(const std::string& question, RgbImage overview) const override {
    return {turn(Role::System, system_),
            userMessage(question + "\nZoom in to the region of interest and answer the question.", std::move(overview))};
  }

  ZoomRequest read(std::string_view answer, const PictureFrame& frame) const override {
    ZoomRequest request;
    const std::size_t call = std::min(answer.find(kToolCall), answer.find(kFunction));
    if (call == std::string_view::npos) return request;
    request.made = true;
    const std::optional<UprightNumbers> said = numbersSaid(answer.substr(call));
    if (!said) return request;
    const double width = unitsPerSide_ > 0 ? unitsPerSide_ : frame.modelWidth;
    const double height = unitsPerSide_ > 0 ? unitsPerSide_ : frame.modelHeight;
    if (const auto place = cleaned(*said, width, height)) {
      const UprightNumbers pixels = scaled(*place, frame.width / width, frame.height / height);
      request.place = PicturePlace{pixels.x1, pixels.y1, pixels.x2, pixels.y2};
    }
    return request;
  }

  std::string call(const PicturePlace& place, const PictureFrame& frame) const override {
    const double perPixelX = (unitsPerSide_ > 0 ? unitsPerSide_ : frame.modelWidth) / frame.width;
    const double perPixelY = (unitsPerSide_ > 0 ? unitsPerSide_ : frame.modelHeight) / frame.height;
    const auto whole = [](double value) { return std::to_string(static_cast<long>(value)); };
    return "<tool_call>\n{\"name\": \"" + std::string(kFunction) + "\", \"arguments\": {\"bbox\": [" +
           whole(place.left * perPixelX) + ", " + whole(place.top * perPixelY) + ", " + whole(place.right * perPixelX) + ", " +
           whole(place.bottom * perPixelY) + "]}}\n</tool_call>";
  }

  Message show(RgbImage part) const override {
    return userMessage("Here's the zoomed-in image. You can complete your task now.", std::move(part));
  }
  Message askAgain(const PictureFrame& frame) const override {
    const auto whole = [](double value) { return std::to_string(std::lround(value)); };
    return turn(Role::User, "There is no such place on the image. Give it as [x1, y1, x2, y2], x from 0 to " +
                                whole(unitsPerSide_ > 0 ? unitsPerSide_ : frame.modelWidth) + " and y from 0 to " +
                                whole(unitsPerSide_ > 0 ? unitsPerSide_ : frame.modelHeight) + ".");
  }
  Message askToAnswer() const override {
    return turn(Role::User, "You have seen enough of the image. Answer the question now, without another function call.");
  }

 private:
  std::string system_;
  double unitsPerSide_;
};

}  // namespace

const ZoomTalk& zoomByPixels() {
  static const ZoomToolCall talk("absolute coordinates", 0.0);
  return talk;
}

const ZoomTalk& zoomByThousandths() {
  static const ZoomToolCall talk("coordinates, relative from 0 to 1000,", kThousandths);
  return talk;
}

}  // namespace orthoscribe::tasks
