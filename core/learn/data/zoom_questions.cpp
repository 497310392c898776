// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/zoom_questions.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <functional>
#include <map>
#include <utility>

#include "core/geo/box_grid.h"
#include "core/geo/polygon.h"
#include "core/learn/data/loading/name_hash.h"
#include "core/learn/data/loading/sample_order.h"
#include "core/learn/data/processing/tile_cutter.h"

namespace orthoscribe::learn {
namespace {

constexpr double kClearlyFarther = 0.015;  // of the picture's side, between the outermost object and the next
constexpr double kClearlyLarger = 1.2;     // area of the largest object, by that of the next
constexpr double kLong = 1.4;              // sides of an object that has a direction
constexpr double kClearAngle = 15.0;       // degrees from the middle of a direction
constexpr double kCut = 0.3;               // share inside a crop between this and the rest: neither shown nor not

struct Labelled {
  const LabelledShape* shape = nullptr;
  std::string name;
  geo::UprightBox bounds;
  geo::Point middle() const { return {(bounds.minX + bounds.maxX) / 2, (bounds.minY + bounds.maxY) / 2}; }
};

using ByClass = std::map<std::string, std::vector<Labelled>>;

bool startsWithVowel(const std::string& word) {
  return !word.empty() && std::string_view("aeiou").find(word.front()) != std::string_view::npos;
}

class Questioner {
 public:
  Questioner(const Record& record, std::int64_t width, std::int64_t height, const ZoomQuestionOptions& options)
      : record_(record), width_(width), height_(height), options_(options) {
    for (const LabelledShape& shape : record.objects) {
      Labelled object{&shape, spokenClass(shape.label), geo::uprightBoxOf(shape.quad)};
      objects_[object.name].push_back(std::move(object));
    }
  }

  std::map<std::string, std::vector<ZoomQuestion>> all() {
    if (record_.objectsKnown) {
      askCategories();
      askNearby();
      askCounts();
      askComparisons();
    }
    askOrientations();
    return std::move(questions_);
  }

 private:
  void add(std::string type, std::string question, std::string answer, std::optional<geo::PixelRect> crop = {}) {
    questions_[type].push_back({std::move(question), std::move(answer), type, crop});
  }

  geo::PixelRect cropAround(const Labelled& object) const {
    const auto first = [&](double least) {
      return std::max<std::int64_t>(0, static_cast<std::int64_t>(std::floor(least - options_.marginPx)));
    };
    const auto last = [&](double most, std::int64_t length) {
      return std::min(length, static_cast<std::int64_t>(std::ceil(most + options_.marginPx)));
    };
    const std::int64_t left = std::min(first(object.bounds.minX), width_ - 1);
    const std::int64_t top = std::min(first(object.bounds.minY), height_ - 1);
    return {left, top, std::max<std::int64_t>(1, last(object.bounds.maxX, width_) - left),
            std::max<std::int64_t>(1, last(object.bounds.maxY, height_) - top)};
  }

  bool certain(const std::vector<Labelled>& objects) const {
    return std::none_of(objects.begin(), objects.end(), [](const Labelled& object) { return object.shape->difficult; });
  }

  // The object farthest to one side, whatever its class.
  void askCategories() {
    if (objects_.size() < 2) return;
    struct End {
      const char* words;
      double (*place)(geo::Point middle);
      double side;
    };
    const auto width = static_cast<double>(width_);
    const auto height = static_cast<double>(height_);
    const End ends[] = {{"farthest to the left", [](geo::Point p) { return p.x; }, width},
                        {"farthest to the right", [](geo::Point p) { return -p.x; }, width},
                        {"nearest to the top", [](geo::Point p) { return p.y; }, height},
                        {"nearest to the bottom", [](geo::Point p) { return -p.y; }, height}};
    for (const End& end : ends) {
      std::vector<std::pair<double, const Labelled*>> order;
      for (const auto& [name, objects] : objects_) {
        for (const Labelled& object : objects) order.emplace_back(end.place(object.middle()), &object);
      }
      std::sort(order.begin(), order.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
      const Labelled& outermost = *order.front().second;
      if (outermost.shape->difficult || order[1].first - order[0].first < kClearlyFarther * end.side) continue;
      add("category", "Of " + listed() + ", which lies " + end.words + " of the image?", outermost.name, cropAround(outermost));
    }
  }

  // "the planes, ships and storage tanks"
  std::string listed() const {
    std::string text = "the ";
    std::size_t at = 0;
    for (const auto& [name, objects] : objects_) {
      if (at > 0) text += at + 1 == objects_.size() ? " and " : ", ";
      text += objects.size() == 1 ? name : pluralOf(name);
      ++at;
    }
    return text;
  }

  // One object of a class that can be told from the others by words.
  struct Referent {
    std::string words;  // "only ship", "largest building", "leftmost car"
    const Labelled* object;
  };

  std::vector<Referent> referents(const std::string& name, const std::vector<Labelled>& objects) const {
    if (!certain(objects)) return {};
    if (objects.size() == 1) return {{"only " + name, &objects.front()}};
    std::vector<Referent> found;
    const auto addIfClear = [&](const std::string& words, const std::function<bool(double, double)>& clear,
                                const std::function<double(const Labelled&)>& value) {
      std::vector<std::pair<double, const Labelled*>> order;
      for (const Labelled& object : objects) order.emplace_back(value(object), &object);
      std::partial_sort(order.begin(), order.begin() + 2, order.end(), std::greater());
      if (clear(order[0].first, order[1].first)) found.push_back({words, order[0].second});
    };
    addIfClear(
        "largest " + name, [](double first, double second) { return first > kClearlyLarger * second; },
        [](const Labelled& object) { return geo::area(object.shape->quad); });
    const auto farther = [](double side) { return [side](double a, double b) { return a - b > kClearlyFarther * side; }; };
    const auto width = static_cast<double>(width_);
    const auto height = static_cast<double>(height_);
    addIfClear("leftmost " + name, farther(width), [](const Labelled& object) { return -object.middle().x; });
    addIfClear("rightmost " + name, farther(width), [](const Labelled& object) { return object.middle().x; });
    addIfClear("topmost " + name, farther(height), [](const Labelled& object) { return -object.middle().y; });
    addIfClear("bottommost " + name, farther(height), [](const Labelled& object) { return object.middle().y; });
    const std::pair<const char*, geo::Point> corners[] = {
        {"top left", {0, 0}}, {"top right", {width, 0}}, {"bottom left", {0, height}}, {"bottom right", {width, height}}};
    for (const auto& [words, corner] : corners) {
      addIfClear(name + " nearest to the " + words + " corner", farther(std::hypot(width, height)),
                 [place = corner](const Labelled& object) {
                   return -std::hypot(object.middle().x - place.x, object.middle().y - place.y);
                 });
    }
    return found;
  }

  void askOrientations() {
    static constexpr std::array<const char*, 4> kDirections = {"from left to right", "from the upper left to the lower right",
                                                               "from top to bottom", "from the lower left to the upper right"};
    for (const auto& [name, objects] : objects_) {
      for (const Referent& referent : referents(name, objects)) {
        const geo::OrientedBox box = geo::minimumAreaRectangle(referent.object->shape->quad);
        if (box.longSide < kLong * box.shortSide) continue;
        const double turn = std::fmod(box.angleDeg + 180.0, 180.0);
        const auto direction = static_cast<std::size_t>(std::lround(turn / 45.0));
        if (std::abs(turn - 45.0 * static_cast<double>(direction)) > kClearAngle) continue;
        add("orientation", "In which direction does the long side of the " + referent.words + " in the image run?",
            kDirections[direction % kDirections.size()], cropAround(*referent.object));
      }
    }
  }

  // How many of a class are in the crop around an object.
  void askNearby() {
    for (const auto& [name, objects] : objects_) {
      for (const Referent& referent : referents(name, objects)) {
        const geo::PixelRect crop = cropAround(*referent.object);
        for (const auto& [other, others] : objects_) {
          const bool same = other == name;
          if (!certain(others) || (same && others.size() == 1)) continue;
          const std::optional<int> count = shownIn(others, crop);
          if (!count) continue;
          add("nearby",
              "How many " + (same ? "other " : std::string()) + pluralOf(other) + " are close to the " + referent.words +
                  " in the image?",
              std::to_string(same ? *count - 1 : *count), crop);
        }
      }
    }
  }

  std::optional<int> shownIn(const std::vector<Labelled>& objects, const geo::PixelRect& crop) const {
    int count = 0;
    for (const Labelled& object : objects) {
      const double whole = geo::area(object.shape->quad);
      if (!(whole > 0.0)) return std::nullopt;
      const double share = geo::area(clippedToRect(object.shape->quad, crop)) / whole;
      if (share > kCut && share < 1.0 - kCut) return std::nullopt;
      if (share >= 1.0 - kCut) ++count;
    }
    return count;
  }

  void askCounts() {
    for (const auto& [name, objects] : objects_) {
      if (certain(objects)) add("count", "How many " + pluralOf(name) + " are in the image?", std::to_string(objects.size()));
    }
  }

  void askComparisons() {
    for (auto one = objects_.begin(); one != objects_.end(); ++one) {
      for (auto other = std::next(one); other != objects_.end(); ++other) {
        if (!certain(one->second) || !certain(other->second) || one->second.size() == other->second.size()) continue;
        const bool swapped = mixed(options_.seed, nameHash(one->first + other->first)) % 2 == 1;
        const auto& first = swapped ? *other : *one;
        const auto& second = swapped ? *one : *other;
        add("compare", "Are there more " + pluralOf(first.first) + " than " + pluralOf(second.first) + " in the image?",
            first.second.size() > second.second.size() ? "yes" : "no");
      }
    }
  }

  const Record& record_;
  std::int64_t width_;
  std::int64_t height_;
  const ZoomQuestionOptions& options_;
  ByClass objects_;
  std::map<std::string, std::vector<ZoomQuestion>> questions_;
};

}  // namespace

std::string spokenClass(const std::string& label) {
  std::string spoken(label);
  std::transform(spoken.begin(), spoken.end(), spoken.begin(),
                 [](unsigned char c) { return c == '-' || c == '_' ? ' ' : static_cast<char>(std::tolower(c)); });
  return spoken;
}

std::string pluralOf(const std::string& spoken) {
  const auto ends = [&](std::string_view ending) { return spoken.ends_with(ending); };
  if (ends("s") || ends("x") || ends("ch") || ends("sh")) return spoken + "es";
  if (ends("y") && spoken.size() > 1 && !startsWithVowel(spoken.substr(spoken.size() - 2)))
    return spoken.substr(0, spoken.size() - 1) + "ies";
  return spoken + "s";
}

std::vector<ZoomQuestion> zoomQuestions(const Record& record, std::int64_t width, std::int64_t height,
                                        const ZoomQuestionOptions& options) {
  auto byType = Questioner(record, width, height, options).all();
  const std::uint64_t seed = mixed(options.seed, nameHash(record.image.filename().string()));
  for (auto& [type, questions] : byType) {
    std::stable_sort(questions.begin(), questions.end(), [&](const ZoomQuestion& a, const ZoomQuestion& b) {
      return mixed(seed, nameHash(a.question)) < mixed(seed, nameHash(b.question));
    });
  }
  std::vector<ZoomQuestion> chosen;
  for (std::size_t round = 0; static_cast<int>(chosen.size()) < options.mostQuestions; ++round) {
    const std::size_t before = chosen.size();
    for (const auto& [type, questions] : byType) {
      if (round < questions.size() && static_cast<int>(chosen.size()) < options.mostQuestions) chosen.push_back(questions[round]);
    }
    if (chosen.size() == before) break;
  }
  return chosen;
}

}  // namespace orthoscribe::learn
