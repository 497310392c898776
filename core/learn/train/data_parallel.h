// SPDX-License-Identifier: GPL-2.0-or-later
// Several processes that train one model together, each on lessons of its own (torch's c10d).
#pragma once

#include <torch/types.h>

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace orthoscribe::learn {

// Where a process stands among all, as its starter tells it by the environment.
struct RankPlace {
  int rank = 0;
  int size = 1;
  int localRank = 0;  // on its machine: which accelerator it takes
  std::string address;
  int port = 29500;
  bool hosted = false;  // the starter itself keeps the store by which they find each other
  std::string starter;  // "torchrun", "Slurm", "MPI"
};

// torchrun: RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR, MASTER_PORT. Slurm: SLURM_PROCID, SLURM_NTASKS, SLURM_LOCALID and
// SLURM_LAUNCH_NODE_IPADDR or the first of SLURM_NODELIST. MPI: OMPI_COMM_WORLD_RANK, _SIZE, _LOCAL_RANK, or PMI_RANK and
// PMI_SIZE, with MASTER_ADDR (else this machine). MASTER_PORT wherever it is set. lookUp: value of a variable, or null. Nothing
// where there is one process only. Throws Error{InvalidInput} naming the variable.
std::optional<RankPlace> readRankPlace(const std::function<const char*(const char* name)>& lookUp);

// The first host of Slurm's notation: "node[03-07,12],other" gives "node03".
std::string firstOfNodeList(std::string_view list);

class RankGroup {
 public:
  // A process alone.
  RankGroup();
  // Waits until all are there. device: CUDA uses NCCL, which must be compiled into libtorch, CPU gloo. Throws Error{Unavailable}.
  RankGroup(const RankPlace& place, torch::Device device);
  ~RankGroup();
  RankGroup(RankGroup&&) noexcept;

  int rank() const { return rank_; }
  int size() const { return size_; }
  bool writes() const { return rank_ == 0; }

  // Sum over all processes. Its gradient is that of this process's part alone, so that gradients, once they are added up, are
  // those of the sum. Every process must call it in the same order with the same shape. Throws Error{Unavailable} when another
  // process is gone.
  torch::Tensor sum(const torch::Tensor& local) const;
  double sum(double local) const;
  // The mean of values that count as many things in each process: local is the mean over `count` of them. Scalar.
  torch::Tensor mean(const torch::Tensor& local, double count) const;
  // Each tensor becomes the sum over all processes; without gradients.
  void addUp(const std::vector<torch::Tensor>& tensors) const;

 private:
  struct Group;
  int rank_ = 0;
  int size_ = 1;
  std::unique_ptr<Group> group_;
};

}  // namespace orthoscribe::learn
