// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/data_parallel.h"

#include <ATen/ATen.h>

#include <chrono>
#include <cstdlib>
#include <map>
#include <string>
#include <utility>

#ifdef ORTHOSCRIBE_WITH_GLOO
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>
#endif
#ifdef ORTHOSCRIBE_WITH_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

#include "core/base/error.h"

namespace orthoscribe::learn {

#ifdef ORTHOSCRIBE_WITH_GLOO

struct RankGroup::Group {
  c10::intrusive_ptr<c10d::Store> store;
  c10::intrusive_ptr<c10d::Backend> backend;
  torch::Device device;  // where it adds up
};

namespace {

constexpr std::chrono::minutes kPatience{15};  // the slowest step, with its data
constexpr std::int64_t kBucketBytes = 64 << 20;

[[noreturn]] void lost(const std::exception& error) {
  const std::string what = error.what();
  throw Error(ErrorCode::Unavailable, "the other training processes cannot be reached: " + what.substr(0, what.find('\n')),
              "look at what the others say; go on with --resume once all run");
}

c10::intrusive_ptr<c10d::Store> storeOf(const RankPlace& place) {
  c10d::TCPStoreOptions options;
  options.port = static_cast<std::uint16_t>(place.port);
  options.isServer = place.rank == 0 && !place.hosted;
  options.numWorkers = place.size;
  options.waitWorkers = false;
  options.timeout = kPatience;
  options.useLibUV = false;
  const auto store = c10::make_intrusive<c10d::TCPStore>(place.address, options);
  // A starter that restarts its processes keeps its store.
  const char* attempt = std::getenv("TORCHELASTIC_RESTART_COUNT");
  return c10::make_intrusive<c10d::PrefixStore>(std::string("orthoscribe/") + (attempt ? attempt : "0"), store);
}

c10::intrusive_ptr<c10d::Backend> gloo(const RankPlace& place, const c10::intrusive_ptr<c10d::Store>& store) {
  const auto options = c10d::ProcessGroupGloo::Options::create(kPatience);
  const char* interface = std::getenv("GLOO_SOCKET_IFNAME");
  const bool here = place.address == "127.0.0.1" || place.address == "localhost";
  if (interface && *interface)
    options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForInterface(interface));
  else if (here)
    options->devices.push_back(c10d::ProcessGroupGloo::createDeviceForHostname("127.0.0.1"));
  else
    options->devices.push_back(c10d::ProcessGroupGloo::createDefaultDevice());
  return c10::make_intrusive<c10d::ProcessGroupGloo>(store, place.rank, place.size, options);
}

c10::intrusive_ptr<c10d::Backend> backendOf(const RankPlace& place, const c10::intrusive_ptr<c10d::Store>& store,
                                            torch::Device device) {
  if (!device.is_cuda()) return gloo(place, store);
#ifdef ORTHOSCRIBE_WITH_NCCL
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(store, place.rank, place.size);
#else
  throw Error(ErrorCode::Unavailable, "several processes on CUDA need NCCL, which this build does not have",
              "build with a libtorch that has it, or train on the CPU");
#endif
}

}  // namespace

RankGroup::RankGroup(const RankPlace& place, torch::Device device) : rank_(place.rank), size_(place.size) {
  try {
    const auto store = storeOf(place);
    group_ = std::make_unique<Group>(Group{.store = store, .backend = backendOf(place, store, device), .device = device});
    addUp({at::zeros({1}, at::TensorOptions().device(device))});
  } catch (const Error&) {
    throw;
  } catch (const std::exception& error) {
    lost(error);
  }
}

void RankGroup::addUp(const std::vector<torch::Tensor>& tensors) const {
  if (!group_) return;
  const at::NoGradGuard noGradients;
  const auto reduce = [&](const torch::Tensor& tensor) {
    std::vector<torch::Tensor> one = {tensor};
    try {
      group_->backend->allreduce(one)->wait();
    } catch (const std::exception& error) {
      lost(error);
    }
  };
  // Many small ones at once, up to a size.
  std::map<at::ScalarType, std::vector<torch::Tensor>> waiting;
  const auto flush = [&](std::vector<torch::Tensor>& bucket) {
    if (bucket.empty()) return;
    std::vector<torch::Tensor> flat;
    for (const torch::Tensor& tensor : bucket) flat.push_back(tensor.reshape({-1}));
    const torch::Tensor joined = at::cat(flat).to(group_->device);
    reduce(joined);
    std::int64_t begin = 0;
    for (torch::Tensor& tensor : bucket) {
      tensor.copy_(joined.narrow(0, begin, tensor.numel()).view(tensor.sizes()));
      begin += tensor.numel();
    }
    bucket.clear();
  };
  std::map<at::ScalarType, std::int64_t> bytes;
  for (const torch::Tensor& tensor : tensors) {
    const at::ScalarType type = tensor.scalar_type();
    waiting[type].push_back(tensor);
    bytes[type] += static_cast<std::int64_t>(tensor.nbytes());
    if (bytes[type] < kBucketBytes) continue;
    flush(waiting[type]);
    bytes[type] = 0;
  }
  for (auto& [type, bucket] : waiting) flush(bucket);
}

#else

struct RankGroup::Group {};

RankGroup::RankGroup(const RankPlace& place, torch::Device) {
  throw Error(ErrorCode::Unavailable,
              place.starter + " started " + std::to_string(place.size) + " processes, but this build trains in one alone",
              "build with gloo's headers, or start one process");
}

void RankGroup::addUp(const std::vector<torch::Tensor>&) const {}

#endif

RankGroup::RankGroup() = default;
RankGroup::~RankGroup() = default;
RankGroup::RankGroup(RankGroup&&) noexcept = default;

torch::Tensor RankGroup::sum(const torch::Tensor& local) const {
  if (!group_) return local;
  const torch::Tensor total = local.detach().clone();
  addUp({total});
  return local + (total - local.detach());
}

double RankGroup::sum(double local) const {
  return group_ ? sum(at::scalar_tensor(local, at::kDouble)).item<double>() : local;
}

torch::Tensor RankGroup::mean(const torch::Tensor& local, double count) const {
  if (!group_) return local;
  const double all = sum(count);
  return sum(local * (all > 0 ? count / all : 0));
}

}  // namespace orthoscribe::learn
