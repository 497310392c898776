// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/data/processing/near_duplicates.h"

#include <algorithm>
#include <atomic>
#include <bit>
#include <exception>
#include <mutex>
#include <nlohmann/json.hpp>
#include <numeric>
#include <optional>
#include <thread>
#include <unordered_map>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/learn/data/processing/open_picture.h"
#include "core/learn/data/processing/perceptual_hash.h"

namespace orthoscribe::learn {
namespace {

using Pair = std::pair<std::size_t, std::size_t>;
using Hashes = std::array<std::uint64_t, 8>;

constexpr int kBits = 64;
constexpr int kMostDistance = 16;

// Bits [begin, end) of a hash.
std::uint64_t piece(std::uint64_t hash, int begin, int end) {
  const int width = end - begin;
  return (hash >> static_cast<unsigned>(begin)) & (width == kBits ? ~std::uint64_t{0} : (std::uint64_t{1} << width) - 1);
}

// asked(i): the hashes by which picture i looks for others; all: the ones it is found by.
template <typename Asked>
std::vector<Pair> search(std::span<const std::uint64_t> all, int distance, const Asked& asked) {
  if (distance < 0 || distance > kMostDistance) {
    throw Error(ErrorCode::InvalidInput, "a distance of " + std::to_string(distance) + " bits", "It lies between 0 and 16.");
  }
  std::vector<Pair> pairs;
  const int pieces = distance + 1;
  for (int which = 0; which < pieces; ++which) {
    const int begin = which * kBits / pieces;
    const int end = (which + 1) * kBits / pieces;
    std::unordered_map<std::uint64_t, std::vector<std::size_t>> buckets;
    for (std::size_t i = 0; i < all.size(); ++i) buckets[piece(all[i], begin, end)].push_back(i);
    for (std::size_t i = 0; i < all.size(); ++i) {
      for (const std::uint64_t hash : asked(i)) {
        const auto bucket = buckets.find(piece(hash, begin, end));
        if (bucket == buckets.end()) continue;
        for (const std::size_t other : bucket->second) {
          if (other != i && std::popcount(hash ^ all[other]) <= distance)
            pairs.emplace_back(std::min(i, other), std::max(i, other));
        }
      }
    }
  }
  std::sort(pairs.begin(), pairs.end());
  pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
  return pairs;
}

struct Looked {
  Hashes hashes{};
  std::int64_t pixels = 0;
};

// Runs look(i) for all i on several threads; the first exception ends it.
template <typename Look>
void forAll(std::size_t count, unsigned threads, const Look& look) {
  std::atomic<std::size_t> next = 0;
  std::exception_ptr failure;
  std::mutex mutex;
  {
    std::vector<std::jthread> workers;
    for (unsigned worker = 0; worker < threads; ++worker) {
      workers.emplace_back([&] {
        try {
          for (std::size_t i = next++; i < count; i = next++) look(i);
        } catch (...) {
          const std::scoped_lock lock(mutex);
          failure = std::current_exception();
          next = count;
        }
      });
    }
  }
  if (failure) std::rethrow_exception(failure);
}

[[noreturn]] void refuse(const std::filesystem::path& path) {
  throw Error(ErrorCode::InvalidInput, path.string() + ": field \"groups\" is no list of lists of names",
              "Write it with `orthoscribe data dedupe`.");
}

}  // namespace

std::vector<Pair> alikePairs(std::span<const std::uint64_t> hashes, int distance) {
  return search(hashes, distance, [&](std::size_t i) { return std::array{hashes[i]}; });
}

std::vector<Pair> alikePairs(std::span<const Hashes> hashes, int distance) {
  std::vector<std::uint64_t> upright;
  for (const Hashes& one : hashes) upright.push_back(one.front());
  return search(upright, distance, [&](std::size_t i) -> const Hashes& { return hashes[i]; });
}

std::vector<std::vector<std::size_t>> groupsOf(std::size_t count, std::span<const Pair> pairs) {
  std::vector<std::size_t> parent(count);
  std::iota(parent.begin(), parent.end(), std::size_t{0});
  const auto rootOf = [&](std::size_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (const auto& [a, b] : pairs) {
    const std::size_t first = rootOf(a);
    const std::size_t second = rootOf(b);
    parent[std::max(first, second)] = std::min(first, second);
  }
  std::vector<std::vector<std::size_t>> members(count);
  for (std::size_t i = 0; i < count; ++i) members[rootOf(i)].push_back(i);
  std::erase_if(members, [](const auto& group) { return group.size() < 2; });
  return members;
}

std::vector<std::string> DuplicateReport::excluded() const {
  std::vector<std::string> names;
  for (const auto& group : groups) names.insert(names.end(), group.begin() + 1, group.end());
  std::sort(names.begin(), names.end());
  return names;
}

DuplicateReport findDuplicates(const std::filesystem::path& folder, const std::vector<std::string>& names,
                               const DuplicateOptions& options, SkipReport& report, const ProgressCallback& progress,
                               const CancelToken& cancel) {
  std::vector<std::optional<Looked>> looked(names.size());
  std::mutex mutex;
  std::int64_t done = 0;
  const unsigned threads = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  forAll(names.size(), threads, [&](std::size_t i) {
    cancel.throwIfCancelled();
    std::string problem;
    try {
      const auto picture = openPicture(folder / names[i]);
      constexpr int kFineEnough = 1024;
      const RgbImage image = readOverview(*picture, kFineEnough);
      Hashes hashes{};
      if (options.turned) {
        hashes = perceptualHashes(image);
      } else {
        hashes.fill(perceptualHash(image));
      }
      looked[i] = Looked{hashes, picture->width() * picture->height()};
    } catch (const Error& error) {
      if (error.code() == ErrorCode::Cancelled) throw;
      problem = error.message();
    }
    const std::scoped_lock lock(mutex);
    if (problem.empty()) {
      report.good();
    } else {
      report.skip({BadKind::UnreadableImage, names[i], problem});
    }
    if (progress) progress({++done, static_cast<std::int64_t>(names.size()), "pictures", {}});
  });

  std::vector<std::size_t> read;
  std::vector<Hashes> hashes;
  for (std::size_t i = 0; i < looked.size(); ++i) {
    if (!looked[i]) continue;
    read.push_back(i);
    hashes.push_back(looked[i]->hashes);
  }
  std::vector<std::uint64_t> upright;
  for (const Hashes& one : hashes) upright.push_back(one.front());
  const std::vector<Pair> pairs = options.turned ? alikePairs(hashes, options.distance) : alikePairs(upright, options.distance);
  DuplicateReport duplicates;
  duplicates.pictures = static_cast<std::int64_t>(read.size());
  for (std::vector<std::size_t>& group : groupsOf(read.size(), pairs)) {
    for (std::size_t& member : group) member = read[member];
    std::sort(group.begin(), group.end(), [&](std::size_t a, std::size_t b) {
      return looked[a]->pixels != looked[b]->pixels ? looked[a]->pixels > looked[b]->pixels : names[a] < names[b];
    });
    std::vector<std::string> groupNames;
    for (const std::size_t member : group) groupNames.push_back(names[member]);
    duplicates.groups.push_back(std::move(groupNames));
  }
  return duplicates;
}

void writeDuplicates(const DuplicateReport& duplicates, const DuplicateOptions& options, const std::filesystem::path& path) {
  const nlohmann::ordered_json document = {{"distance", options.distance},
                                           {"turned", options.turned},
                                           {"pictures", duplicates.pictures},
                                           {"groups", duplicates.groups}};
  writeTextFile(path, document.dump(1) + "\n");
}

std::vector<std::vector<std::string>> readDuplicates(const std::filesystem::path& path) {
  const auto document = nlohmann::json::parse(readTextFile(path), nullptr, false);
  if (!document.is_object() || !document.contains("groups")) refuse(path);
  try {
    return document["groups"].get<std::vector<std::vector<std::string>>>();
  } catch (const nlohmann::json::exception&) {
    refuse(path);
  }
}

}  // namespace orthoscribe::learn
