// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/loading/direction_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <initializer_list>
#include <vector>

#include "core/learn/data/loading/direction_lexicon.h"

namespace orthoscribe::learn {
namespace {

using Words = std::initializer_list<std::string_view>;

struct Word {
  std::size_t begin = 0;
  std::size_t end = 0;
  std::string small;
};

bool isLetter(char character) {
  return std::isalpha(static_cast<unsigned char>(character)) != 0;
}
bool isCapital(char character) {
  return std::isupper(static_cast<unsigned char>(character)) != 0;
}
bool isDigit(char character) {
  return std::isdigit(static_cast<unsigned char>(character)) != 0;
}

std::string small(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return result;
}

std::vector<Word> wordsOf(std::string_view text) {
  std::vector<Word> words;
  for (std::size_t at = 0; at < text.size();) {
    if (!isLetter(text[at])) {
      ++at;
      continue;
    }
    const std::size_t begin = at;
    while (at < text.size() && isLetter(text[at])) ++at;
    words.push_back({begin, at, small(text.substr(begin, at - begin))});
  }
  return words;
}

bool among(std::string_view word, Words words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// A text that tells how corners are to be written means the form of an answer, not a place in the picture.
bool tellsForm(std::string_view text) {
  const std::string words = small(text);
  const auto holds = [&](std::string_view part) { return words.find(part) != std::string::npos; };
  const bool numbers = holds("coordinate") || holds("x1") || holds("xmin") || holds("(x") || holds("[x");
  return holds("[left") || holds("(left") || holds("<left") ||
         (numbers && (holds("top-left") || holds("top left") || holds("left top") || holds("left-top") || holds("upper left") ||
                      holds("upper-left")));
}

class Turner {
 public:
  Turner(std::string_view text, const Orientation& orientation)
      : text_(text), orientation_(orientation), swaps_(orientation.swapsAxes()), words_(wordsOf(text)) {}

  std::optional<std::string> run() {
    for (std::size_t i = 0; i < words_.size() && sure_;) i += step(i);
    if (!sure_ || (changed_ && tellsForm(text_))) return std::nullopt;
    out_ += text_.substr(copied_);
    return std::move(out_);
  }

 private:
  // How many words were dealt with.
  std::size_t step(std::size_t i) {
    if (const std::size_t count = meaningNoDirection(i)) return count;
    if (isUnsure(i)) {
      sure_ = false;
      return 1;
    }
    if (const std::size_t count = turnCorner(i)) return count;
    if (const std::size_t count = turnRelation(i)) return count;
    if (const std::size_t count = turnSense(i)) return count;
    turnWord(i);
    return 1;
  }

  bool has(std::size_t i) const { return i < words_.size(); }
  std::string_view word(std::size_t i) const { return has(i) ? std::string_view(words_[i].small) : std::string_view(); }
  std::string_view before(std::size_t i) const { return i > 0 ? word(i - 1) : std::string_view(); }
  // What stands between word i and the next.
  std::string_view gap(std::size_t i) const {
    return has(i + 1) ? text_.substr(words_[i].end, words_[i + 1].begin - words_[i].end) : std::string_view();
  }
  bool joined(std::size_t i) const { return gap(i) == " " || gap(i) == "-"; }
  bool startsCapital(std::size_t i) const { return has(i) && isCapital(text_[words_[i].begin]); }
  bool moves(Side side) const { return orientation_.turned(side) != side; }
  bool digitFollows(std::size_t i) const {
    const std::size_t at = text_.find_first_not_of(' ', words_[i].end);
    return at != std::string_view::npos && isDigit(text_[at]);
  }
  // "right next to", "seen from above", "rooftop": how many words; 0 when it does mean a direction.
  std::size_t meaningNoDirection(std::size_t i) const {
    static constexpr std::array<std::string_view, 2> kPhrases[] = {{"all", "right"}, {"from", "above"}, {"top", "view"},
                                                                   {"top", "down"},  {"left", "over"},  {"roof", "top"},
                                                                   {"hill", "top"},  {"tree", "top"}};
    for (const auto& phrase : kPhrases) {
      if (word(i) == phrase[0] && word(i + 1) == phrase[1]) return 2;
    }
    if (word(i) == "right" && !among(before(i), {"the", "top", "bottom", "upper", "lower"}) &&
        among(word(i + 1),
              {"angle", "angles", "angled", "next", "beside", "behind", "now", "away", "along", "in", "at", "there"})) {
      return 2;
    }
    return word(i) == "right" && word(i + 1) == "of" && word(i + 2) == "way" ? 3 : 0;
  }

  bool isUnsure(std::size_t i) const {
    const std::string_view here = word(i);
    const std::string_view next = word(i + 1);
    if (among(here, {"up", "down", "upside"})) return moves(Side::Top);
    if (among(here, {"azimuth", "heading", "bearing", "quadrant", "quadrants"})) return true;
    if (here == "clock" && before(i) == "o") return true;
    if (here == "lower") return moves(Side::Bottom) && !(joined(i) && namesPart(next));
    if (among(here, {"above", "below"}))
      return (moves(Side::Top) && digitFollows(i)) || (swaps_ && (gap(i) != " " || !has(i + 1)));
    if (among(here, {"row", "rows", "column", "columns"})) return isOrdinal(before(i)) || digitFollows(i);
    if (among(here, {"top", "bottom"}))
      return moves(Side::Top) && (digitFollows(i) || (next == "of" && (before(i) == "on" || !partOfPicture(i + 2))));
    if (among(here, {"left", "right"})) return isUnsureAside(i);
    return isPlaceName(i);
  }

  bool isUnsureAside(std::size_t i) const {
    if (among(before(i), {"turn", "turns", "turning", "turned", "bends", "curves"})) return true;
    if (word(i) == "left" && among(before(i), {"has", "have", "had", "been", "be", "being", "nothing", "anything"})) return true;
    return swaps_ && joined(i) && among(word(i + 1), {"hand", "handed"});
  }

  // "North Carolina", "Middle East".
  bool isPlaceName(std::size_t i) const {
    const auto point = directionWord(word(i));
    if (!point || point->family != WordFamily::Compass) return false;
    if (among(before(i), {"middle", "far", "near"}) && startsCapital(i)) return true;
    return startsCapital(i) && gap(i) == " " && startsCapital(i + 1) && !directionWord(word(i + 1));
  }

  // "[the | this] image" begins at word i.
  bool partOfPicture(std::size_t i) const {
    if (among(word(i), {"the", "this", "a", "an", "your"})) ++i;
    return namesPicture(word(i));
  }

  // "top left", "upper-right", "north east", "northwestern".
  std::size_t turnCorner(std::size_t i) {
    const auto first = directionWord(word(i));
    if (first && first->second) {
      const auto [vertical, aside] = cornerOf(first->side, *first->second);
      replace(i, i, styled(i, wordFor(WordFamily::Compass, {}, vertical) + wordFor(WordFamily::Compass, first->ending, aside)));
      return 1;
    }
    if (!first || !joined(i) || meaningNoDirection(i + 1) != 0) return 0;
    const auto second = directionWord(word(i + 1));
    if (!second || second->second || isVertical(first->side) == isVertical(second->side)) return 0;
    const bool compass = first->family == WordFamily::Compass && first->ending.empty() && second->family == WordFamily::Compass;
    const auto simple = [](WordFamily family) { return family == WordFamily::Plain || family == WordFamily::Upper; };
    if (!compass && !(simple(first->family) && simple(second->family))) return 0;
    if (swaps_ && among(word(i + 2), {"hand", "handed"})) {
      sure_ = false;
      return 2;
    }
    const auto [vertical, aside] = cornerOf(first->side, second->side);
    const bool verticalFirst = isVertical(first->side);
    const std::string begin = wordFor(first->family, first->ending, verticalFirst ? vertical : aside);
    const std::string end = wordFor(second->family, second->ending, verticalFirst ? aside : vertical);
    replace(i, i + 1, styled(i, begin) + std::string(gap(i)) + styled(i + 1, end));
    return 2;
  }

  std::pair<Side, Side> cornerOf(Side one, Side other) const {
    const Side first = orientation_.turned(one);
    const Side second = orientation_.turned(other);
    return isVertical(first) ? std::pair(first, second) : std::pair(second, first);
  }

  // What stands beside something else comes to stand above or below it.
  std::size_t turnRelation(std::size_t i) {
    if (!swaps_) return 0;
    const std::size_t lead = among(word(i), {"to", "on", "at"}) && word(i + 1) == "the" ? 2 : 0;
    const std::size_t at = i + lead;
    if (!among(word(at), {"left", "right"}) || word(at + 1) != "of" || partOfPicture(at + 2)) return 0;
    const Side side = orientation_.turned(word(at) == "left" ? Side::Left : Side::Right);
    replace(i, at + 1, styled(i, wordFor(WordFamily::Relation, {}, side)));
    return lead + 2;
  }

  std::size_t turnSense(std::size_t i) {
    if (swaps_) {
      for (const auto& [one, other] : {std::pair("horizontal", "vertical"), std::pair("horizontally", "vertically")}) {
        if (word(i) == one || word(i) == other) {
          replace(i, i, styled(i, word(i) == one ? other : one));
          return 1;
        }
      }
      const bool row = among(word(i), {"row", "rows"});
      if ((row || among(word(i), {"column", "columns"})) && i > 0 && directionWord(before(i))) {
        replace(i, i, styled(i, std::string(row ? "column" : "row") + (word(i).ends_with('s') ? "s" : "")));
        return 1;
      }
    }
    if (!orientation_.mirrored) return 0;
    const bool apart = among(word(i), {"counter", "anti"}) && gap(i) == "-" && word(i + 1) == "clockwise";
    if (apart || among(word(i), {"counterclockwise", "anticlockwise"})) {
      replace(i, apart ? i + 1 : i, styled(i, "clockwise"));
      return apart ? 2 : 1;
    }
    if (word(i) != "clockwise") return 0;
    replace(i, i, styled(i, "counterclockwise"));
    return 1;
  }

  void turnWord(std::size_t i) {
    const auto said = directionWord(word(i));
    if (said && moves(said->side)) replace(i, i, styled(i, wordFor(said->family, said->ending, orientation_.turned(said->side))));
  }

  // With the capitals of word i.
  std::string styled(std::size_t i, std::string replacement) const {
    const std::string_view original = text_.substr(words_[i].begin, words_[i].end - words_[i].begin);
    const auto raise = [](char& c) { c = static_cast<char>(std::toupper(static_cast<unsigned char>(c))); };
    if (original.size() > 1 && std::all_of(original.begin(), original.end(), isCapital)) {
      std::for_each(replacement.begin(), replacement.end(), raise);
    } else if (isCapital(original.front())) {
      raise(replacement.front());
    }
    return replacement;
  }

  void replace(std::size_t first, std::size_t last, const std::string& replacement) {
    const std::size_t begin = words_[first].begin;
    const std::size_t end = words_[last].end;
    if (text_.substr(begin, end - begin) == replacement) return;
    out_ += text_.substr(copied_, begin - copied_);
    if (among(before(first), {"a", "an"}) && gap(first - 1) == " ") {
      const bool capital = startsCapital(first - 1);
      out_.resize(out_.size() - before(first).size() - 1);
      out_ += capital ? "A" : "a";
      out_ += among(std::string(1, static_cast<char>(std::tolower(replacement.front()))), {"a", "e", "i", "o", "u"}) ? "n " : " ";
    }
    out_ += replacement;
    copied_ = end;
    changed_ = true;
  }

  std::string_view text_;
  Orientation orientation_;
  bool swaps_;
  std::vector<Word> words_;
  std::string out_;
  std::size_t copied_ = 0;
  bool changed_ = false;
  bool sure_ = true;
};

}  // namespace

std::optional<std::string> turnDirectionWords(std::string_view text, const Orientation& orientation) {
  if (orientation.isIdentity()) return std::string(text);
  return Turner(text, orientation).run();
}

}  // namespace orthoscribe::learn
