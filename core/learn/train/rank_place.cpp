// SPDX-License-Identifier: GPL-2.0-or-later
#include <charconv>
#include <limits>
#include <string>

#include "core/base/error.h"
#include "core/learn/train/data_parallel.h"

namespace orthoscribe::learn {
namespace {

constexpr const char* kThisMachine = "127.0.0.1";

class Variables {
 public:
  explicit Variables(const std::function<const char*(const char*)>& lookUp) : lookUp_(lookUp) {}

  std::string text(const char* name) const {
    const char* value = lookUp_(name);
    return value ? value : "";
  }
  bool has(const char* name) const { return !text(name).empty(); }
  int number(const char* name, int least, int most = std::numeric_limits<int>::max()) const {
    const std::string value = text(name);
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    if (error != std::errc() || end != value.data() + value.size() || number < least || number > most)
      throw Error(ErrorCode::InvalidInput,
                  std::string("the environment variable ") + name + " is '" + value + "', a whole number from " +
                      std::to_string(least) + " on was expected",
                  "start all processes by torchrun, srun or mpirun, or unset it");
    return number;
  }
  int numberOr(const char* name, int otherwise) const { return has(name) ? number(name, 0) : otherwise; }

 private:
  const std::function<const char*(const char*)>& lookUp_;
};

RankPlace read(const Variables& variables, const char* starter, const char* rank, const char* size, const char* local) {
  RankPlace place;
  place.starter = starter;
  place.size = variables.number(size, 1);
  place.rank = variables.number(rank, 0, place.size - 1);
  place.localRank = variables.numberOr(local, 0);
  place.address = variables.text("MASTER_ADDR");
  if (variables.has("MASTER_PORT")) place.port = variables.number("MASTER_PORT", 1, 65535);
  return place;
}

RankPlace readSlurm(const Variables& variables) {
  RankPlace place = read(variables, "Slurm", "SLURM_PROCID", "SLURM_NTASKS", "SLURM_LOCALID");
  if (place.address.empty()) place.address = variables.text("SLURM_LAUNCH_NODE_IPADDR");
  for (const char* list : {"SLURM_NODELIST", "SLURM_JOB_NODELIST"})
    if (place.address.empty()) place.address = firstOfNodeList(variables.text(list));
  return place;
}

}  // namespace

std::string firstOfNodeList(std::string_view list) {
  std::string name;
  for (std::size_t at = 0; at < list.size() && list[at] != ','; ++at) {
    if (list[at] != '[') {
      name += list[at];
      continue;
    }
    // The first number of the brackets, as it is written there.
    for (++at; at < list.size() && list[at] != ']' && list[at] != ',' && list[at] != '-'; ++at) name += list[at];
    while (at < list.size() && list[at] != ']') ++at;
  }
  return name;
}

std::optional<RankPlace> readRankPlace(const std::function<const char*(const char*)>& lookUp) {
  const Variables variables(lookUp);
  std::optional<RankPlace> place;
  if (variables.has("RANK") && variables.has("WORLD_SIZE")) {
    place = read(variables, "torchrun", "RANK", "WORLD_SIZE", "LOCAL_RANK");
    place->hosted = variables.text("TORCHELASTIC_USE_AGENT_STORE") == "True";
  } else if (variables.has("OMPI_COMM_WORLD_RANK")) {
    place = read(variables, "MPI", "OMPI_COMM_WORLD_RANK", "OMPI_COMM_WORLD_SIZE", "OMPI_COMM_WORLD_LOCAL_RANK");
  } else if (variables.has("PMI_RANK")) {
    place = read(variables, "MPI", "PMI_RANK", "PMI_SIZE", "MPI_LOCALRANKID");
  } else if (variables.has("SLURM_PROCID") && variables.has("SLURM_NTASKS")) {
    place = readSlurm(variables);
  }
  if (!place || place->size == 1) return std::nullopt;
  if (place->address.empty()) place->address = kThisMachine;
  return place;
}

}  // namespace orthoscribe::learn
