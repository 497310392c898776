// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/conversation_mix.h"

#include <charconv>
#include <cmath>
#include <random>
#include <utility>

#include "core/base/error.h"
#include "core/base/image_codec.h"
#include "core/base/log.h"

namespace orthoscribe::learn {
namespace {

struct Share {
  std::string name;
  std::int64_t times = 1;
  double percent = 100;
};

Share shareOf(const StageConfig& stage, const std::string& text) {
  const std::size_t at = text.find_first_of("*%");
  Share share{.name = text.substr(0, at)};
  if (at == std::string::npos) return share;
  const std::string number = text.substr(at + 1);
  double value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  const bool times = text[at] == '*';
  if (error != std::errc() || end != number.data() + number.size() || !(value > 0) || (times && value != std::floor(value)) ||
      value > (times ? 10000 : 100))
    throw Error(ErrorCode::InvalidInput, "stage " + stage.name + ": '" + text + "' in `data` cannot be read",
                "write name, name*3 (three times) or name%25 (a quarter)");
  if (times)
    share.times = static_cast<std::int64_t>(value);
  else
    share.percent = value;
  return share;
}

// The same on every machine, unlike std::shuffle.
void shuffle(std::vector<std::uint32_t>& values, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  for (std::size_t left = values.size(); left > 1; --left) std::swap(values[left - 1], values[random() % left]);
}

}  // namespace

ConversationMix::ConversationMix(const TrainConfig& config, const StageConfig& stage) : seed_(config.seed) {
  for (const std::string& text : stage.data) {
    const Share share = shareOf(stage, text);
    const Dataset& dataset = config.dataset(share.name);
    ConversationReader reader(dataset.file, report_);
    std::vector<std::uint32_t> own;
    while (std::optional<Conversation> conversation = reader.next()) {
      own.push_back(static_cast<std::uint32_t>(lines_.size()));
      lines_.push_back({.dataset = &dataset, .where = reader.where(), .conversation = std::move(*conversation)});
    }
    shuffle(own, seed_ + 1);
    own.resize(static_cast<std::size_t>(std::ceil(static_cast<double>(own.size()) * share.percent / 100)));
    for (std::int64_t time = 0; time < share.times; ++time) entries_.insert(entries_.end(), own.begin(), own.end());
  }
  if (report_.skippedCount() > 0) log::warning("stage " + stage.name + ": " + report_.summary());
  if (entries_.empty())
    throw Error(ErrorCode::InvalidInput, "stage " + stage.name + ": its data hold no sample", "name datasets that do in `data`");
}

const std::vector<std::uint32_t>& ConversationMix::orderOf(std::int64_t epoch) {
  if (epoch != orderedEpoch_) {
    order_ = entries_;
    shuffle(order_, seed_ * 7919 + static_cast<std::uint64_t>(epoch) + 2);
    orderedEpoch_ = epoch;
  }
  return order_;
}

std::optional<NumberedSample> ConversationMix::load(std::int64_t number) {
  const std::int64_t size = epochSize();
  const Line& line = lines_[orderOf(number / size)[static_cast<std::size_t>(number % size)]];
  NumberedSample sample{.where = line.where, .conversation = line.conversation, .images = {}};
  try {
    for (const std::string& name : line.conversation.images)
      sample.images.push_back(readImageFile(line.dataset->imageRoot / name));
  } catch (const Error& error) {
    if (told_.insert(line.where).second) log::warning(line.where + " is passed over: " + error.message());
    report_.skip({.kind = BadKind::UnreadableImage, .where = line.where, .what = error.message()});
    return std::nullopt;
  }
  report_.good();
  return sample;
}

}  // namespace orthoscribe::learn
