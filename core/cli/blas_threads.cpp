// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/blas_threads.h"

#include <dlfcn.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <system_error>

namespace orthoscribe::cli {
namespace {

constexpr const char* kTimeout = "OPENBLAS_THREAD_TIMEOUT";
constexpr const char* kShortest = "4";  // the logarithm of the cycles to spin; no smaller one is taken
constexpr int kThreadsOfItsOwn = 1;     // what openblas_get_parallel says of a library built with pthreads

bool spinsOnItsOwn() {
  using GetParallel = int (*)();
  const auto getParallel = reinterpret_cast<GetParallel>(dlsym(RTLD_DEFAULT, "openblas_get_parallel"));
  return getParallel && getParallel() == kThreadsOfItsOwn;
}

}  // namespace

void calmBlasThreads(char** argv) {
  if (std::getenv(kTimeout) || !spinsOnItsOwn()) return;
  if (setenv(kTimeout, kShortest, 0) != 0) return;
  std::error_code unknown;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe", unknown);
  if (!unknown) execv(self.c_str(), argv);  // returns only where it could not; then all is as before, only slower
}

}  // namespace orthoscribe::cli
