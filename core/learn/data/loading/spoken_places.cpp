// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/spoken_places.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <tuple>
#include <vector>

#include "core/geo/box_grid.h"
#include "core/tasks/task_prompts.h"

namespace orthoscribe::learn {
namespace {

using tasks::SpokenBox;
using tasks::TextSpan;

constexpr double kRounding = 0.02;  // of a side: more than whole percents lose twice

bool isDigit(char character) {
  return std::isdigit(static_cast<unsigned char>(character)) != 0;
}

// Decimal numbers with their signs.
std::vector<TextSpan> numbersIn(std::string_view text) {
  std::vector<TextSpan> numbers;
  for (std::size_t at = 0; at < text.size();) {
    if (!isDigit(text[at])) {
      ++at;
      continue;
    }
    const bool negative = at > 0 && text[at - 1] == '-' && (at < 2 || !isDigit(text[at - 2]));
    const std::size_t begin = negative ? at - 1 : at;
    while (at < text.size() && isDigit(text[at])) ++at;
    if (at + 1 < text.size() && text[at] == '.' && isDigit(text[at + 1])) {
      ++at;
      while (at < text.size() && isDigit(text[at])) ++at;
    }
    numbers.push_back({begin, at});
  }
  return numbers;
}

std::string_view textOf(std::string_view text, const TextSpan& span) {
  return text.substr(span.begin, span.end - span.begin);
}

// Four numbers with commas between, or two behind an opening bracket.
bool looksLikePlace(std::string_view text) {
  const std::vector<TextSpan> numbers = numbersIn(text);
  int run = 1;
  for (std::size_t i = 1; i < numbers.size(); ++i) {
    const std::string_view between = text.substr(numbers[i - 1].end, numbers[i].begin - numbers[i - 1].end);
    const bool list =
        between.find(',') != std::string_view::npos && between.find_first_not_of(", \t\n") == std::string_view::npos;
    run = list ? run + 1 : 1;
    if (run >= 4) return true;
    const std::size_t first = numbers[i - 1].begin;
    if (list && first > 0 && std::string_view("[({<").find(text[first - 1]) != std::string_view::npos) return true;
  }
  return false;
}

// `written` with its numbers replaced by those of `model`; nothing when there are not as many. An upright box may lack its angle.
// otherWay: corners are written in the opposite sense of turning, from the same first one.
std::optional<std::string> withNumbersOf(std::string_view written, std::string_view model, bool otherWay = false) {
  const std::vector<TextSpan> places = numbersIn(written);
  std::vector<TextSpan> values = numbersIn(model);
  if (values.size() == places.size() + 1 && textOf(model, values.back()) == "0") values.pop_back();
  if (places.size() != values.size()) return std::nullopt;
  if (otherWay && values.size() == 8)
    values = {values[0], values[1], values[6], values[7], values[4], values[5], values[2], values[3]};
  std::string text;
  std::size_t copied = 0;
  for (std::size_t i = 0; i < places.size(); ++i) {
    text += written.substr(copied, places[i].begin - copied);
    text += textOf(model, values[i]);
    copied = places[i].end;
  }
  return text.append(written.substr(copied));
}

bool turnsClockwise(const geo::Quad& quad) {
  double twice = 0.0;
  for (std::size_t i = 0; i < quad.size(); ++i) {
    const geo::Point& next = quad[(i + 1) % quad.size()];
    twice += quad[i].x * next.y - next.x * quad[i].y;
  }
  return twice > 0.0;
}

// A name for boxes whose text says none, because their question does.
const std::vector<std::string> kUnnamed = {"?"};

struct MovedBox {
  std::string text;
  double top = 0;
  double left = 0;
};

std::pair<double, double> topLeft(const geo::Quad& quad) {
  const geo::UprightBox bounds = geo::uprightBoxOf(quad);
  return {bounds.minY, bounds.minX};
}

class Mover {
 public:
  Mover(std::string_view text, const tasks::Dialect& dialect, const PictureMove& move)
      : text_(text), dialect_(dialect), move_(move), said_(dialect.parse(text, move.from, kUnnamed, true)) {}

  std::optional<std::string> run() {
    if (looksLikePlace(withoutBoxes())) return std::nullopt;
    if (said_.boxes.empty()) return std::string(text_);
    for (const SpokenBox& box : said_.boxes) {
      std::optional<MovedBox> moved = movedBox(box);
      if (!moved) return std::nullopt;
      moved_.push_back(std::move(*moved));
    }
    restoreOrder();
    std::string result = assembled();
    return saysMovedBoxes(result) ? std::optional(std::move(result)) : std::nullopt;
  }

 private:
  std::string withoutBoxes() const {
    std::string rest(text_);
    for (const SpokenBox& box : said_.boxes)
      std::fill(rest.begin() + static_cast<std::ptrdiff_t>(box.textBegin),
                rest.begin() + static_cast<std::ptrdiff_t>(box.textEnd), ' ');
    return rest;
  }

  std::optional<MovedBox> movedBox(const SpokenBox& box) const {
    const geo::Quad quad = move_.moved(box.quad);
    const std::string_view written = text_.substr(box.textBegin, box.textEnd - box.textBegin);
    const bool otherWay = writtenTheOtherWay(box);
    // Several boxes may share a name that stands before them.
    for (const std::string& label : {box.label, kUnnamed.front()}) {
      if (auto text = withNumbersOf(written, dialect_.formatAnswer({{label, quad}}, move_.to), otherWay)) {
        const auto [top, left] = topLeft(quad);
        return MovedBox{std::move(*text), top, left};
      }
    }
    return std::nullopt;
  }

  // RSCoVLM's answers to phrases turn against the clock, those with all objects with it (reference/rscovlm.md 9.4).
  bool writtenTheOtherWay(const SpokenBox& box) const {
    const std::string usual = dialect_.formatAnswer({{box.label, box.quad}}, move_.from);
    const tasks::ParsedAnswer read = dialect_.parse(usual, move_.from, kUnnamed, true);
    return read.boxes.size() == 1 && turnsClockwise(read.boxes.front().quad) != turnsClockwise(box.quad);
  }

  void restoreOrder() {
    for (std::size_t begin = 0; begin < moved_.size();) {
      std::size_t end = begin + 1;
      bool sorted = true;
      while (end < moved_.size() && said_.boxes[end].label == said_.boxes[begin].label) {
        sorted = sorted && topLeft(said_.boxes[end - 1].quad) <= topLeft(said_.boxes[end].quad);
        ++end;
      }
      if (sorted) {
        std::stable_sort(moved_.begin() + static_cast<std::ptrdiff_t>(begin), moved_.begin() + static_cast<std::ptrdiff_t>(end),
                         [](const MovedBox& a, const MovedBox& b) { return std::tie(a.top, a.left) < std::tie(b.top, b.left); });
      }
      begin = end;
    }
  }

  std::string assembled() const {
    std::string result;
    std::size_t copied = 0;
    for (std::size_t i = 0; i < moved_.size(); ++i) {
      result += text_.substr(copied, said_.boxes[i].textBegin - copied);
      result += moved_[i].text;
      copied = said_.boxes[i].textEnd;
    }
    return result.append(text_.substr(copied));
  }

  bool saysMovedBoxes(const std::string& text) const {
    const tasks::ParsedAnswer read = dialect_.parse(text, move_.to, kUnnamed, true);
    if (read.boxes.size() != said_.boxes.size()) return false;
    std::vector<bool> found(read.boxes.size(), false);
    return std::all_of(said_.boxes.begin(), said_.boxes.end(), [&](const SpokenBox& box) {
      const geo::Point wanted = geo::minimumAreaRectangle(move_.moved(box.quad)).centre;
      for (std::size_t i = 0; i < found.size(); ++i) {
        const geo::Point centre = geo::minimumAreaRectangle(read.boxes[i].quad).centre;
        const bool same = std::abs(centre.x - wanted.x) <= kRounding * move_.to.width &&
                          std::abs(centre.y - wanted.y) <= kRounding * move_.to.height;
        if (found[i] || !same || read.boxes[i].label != box.label) continue;
        found[i] = true;
        return true;
      }
      return false;
    });
  }

  std::string_view text_;
  const tasks::Dialect& dialect_;
  const PictureMove& move_;
  tasks::ParsedAnswer said_;
  std::vector<MovedBox> moved_;
};

// Nothing when the text is no request; else the request for the moved place, which is absent when it cannot be written.
std::optional<std::optional<std::string>> movedRequest(std::string_view text, const tasks::Dialect& dialect,
                                                       const PictureMove& move) {
  const tasks::ZoomTalk* talk = dialect.tasks().zoomTalk();
  if (talk == nullptr) return std::nullopt;
  const tasks::ZoomRequest request = talk->read(text, move.from);
  if (!request.made) return std::nullopt;
  if (!request.place) return std::optional<std::string>();
  const auto& place = *request.place;
  const geo::Quad quad =
      move.moved({{{place.left, place.top}, {place.right, place.top}, {place.right, place.bottom}, {place.left, place.bottom}}});
  const geo::UprightBox bounds = geo::uprightBoxOf(quad);
  return withNumbersOf(text, talk->call({bounds.minX, bounds.minY, bounds.maxX, bounds.maxY}, move.to));
}

}  // namespace

geo::Quad PictureMove::moved(const geo::Quad& quad) const {
  geo::Quad result = orientation.turned(quad, from.width, from.height);
  const double turnedWidth = orientation.swapsAxes() ? from.height : from.width;
  const double turnedHeight = orientation.swapsAxes() ? from.width : from.height;
  for (geo::Point& corner : result) corner = {corner.x * to.width / turnedWidth, corner.y * to.height / turnedHeight};
  return result;
}

bool PictureMove::isIdentity() const {
  return orientation.isIdentity() && from.width == to.width && from.height == to.height && from.modelWidth == to.modelWidth &&
         from.modelHeight == to.modelHeight;
}

std::optional<std::string> movePlaces(std::string_view text, const tasks::Dialect& dialect, const PictureMove& move) {
  if (move.isIdentity()) return std::string(text);
  if (const auto request = movedRequest(text, dialect, move)) return *request;
  return Mover(text, dialect, move).run();
}

}  // namespace orthoscribe::learn
