// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/run_statistics.h"

#include <algorithm>
#include <fstream>
#include <string>

namespace orthoscribe::cli {
namespace {

// A field of /proc/self/status, which counts in KiB.
std::optional<double> statusMegabytes(const std::string& field) {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field + ":")) return std::strtod(line.c_str() + field.size() + 1, nullptr) * 1024.0 / 1e6;
  }
  return std::nullopt;
}

}  // namespace

Reply TimedModel::chat(const std::vector<Message>& messages, const GenerationOptions& options, const OnToken& onToken,
                       const CancelToken& cancel) {
  const auto start = std::chrono::steady_clock::now();
  Reply reply = model_.chat(messages, options, onToken, cancel);
  time_ += std::chrono::steady_clock::now() - start;
  tokens_ += reply.usage.completionTokens;
  return reply;
}

RunStatistics::RunStatistics() : start_(std::chrono::steady_clock::now()) {
  std::ofstream("/proc/self/clear_refs") << "5";  // proc(5): resets the peak resident set size
  megabytesAtStart_ = statusMegabytes("VmRSS");
}

double RunStatistics::seconds() const {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
}

std::optional<double> RunStatistics::peakMegabytes() const {
  const std::optional<double> peak = statusMegabytes("VmHWM");
  if (!peak || !megabytesAtStart_) return std::nullopt;
  return std::max(0.0, *peak - *megabytesAtStart_);
}

}  // namespace orthoscribe::cli
