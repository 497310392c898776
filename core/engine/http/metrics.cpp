// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/engine/http/metrics.h"

#include <algorithm>
#include <format>

namespace orthoscribe::engine::http {
namespace {

std::string heading(const std::string& name, const std::string& help, const char* type) {
  return std::format("# HELP {0} {1}\n# TYPE {0} {2}\n", name, help, type);
}

std::string single(const std::string& name, const std::string& help, const char* type, std::uint64_t value) {
  return heading(name, help, type) + std::format("{} {}\n", name, value);
}

}  // namespace

void Histogram::add(double seconds) {
  const auto bound = std::lower_bound(kBoundsS.begin(), kBoundsS.end(), seconds);
  ++counts_[static_cast<std::size_t>(bound - kBoundsS.begin())];
  sum_ += seconds;
}

std::string Histogram::text(const std::string& name, const std::string& help) const {
  std::string lines = heading(name, help, "histogram");
  std::uint64_t below = 0;
  for (std::size_t index = 0; index < kBoundsS.size(); ++index) {
    below += counts_[index];
    lines += std::format("{}_bucket{{le=\"{}\"}} {}\n", name, kBoundsS[index], below);
  }
  below += counts_.back();
  lines += std::format("{0}_bucket{{le=\"+Inf\"}} {1}\n{0}_sum {2:.6f}\n{0}_count {1}\n", name, below, sum_);
  return lines;
}

void Metrics::countResponse(int status) {
  const std::lock_guard lock(mutex_);
  ++responses_[status];
}

void Metrics::countAnswer(const Usage& usage, double generationS) {
  const std::lock_guard lock(mutex_);
  promptTokens_ += static_cast<std::uint64_t>(std::max<std::int64_t>(0, usage.promptTokens));
  completionTokens_ += static_cast<std::uint64_t>(std::max<std::int64_t>(0, usage.completionTokens));
  generationTime_.add(generationS);
}

void Metrics::countCancelled() {
  const std::lock_guard lock(mutex_);
  ++cancelled_;
}

void Metrics::addQueueTime(double seconds) {
  const std::lock_guard lock(mutex_);
  queueTime_.add(seconds);
}

void Metrics::addFirstTokenTime(double seconds) {
  const std::lock_guard lock(mutex_);
  firstTokenTime_.add(seconds);
}

std::string Metrics::text(const Gauges& gauges) const {
  const std::lock_guard lock(mutex_);
  std::string lines = heading("orthoscribe_requests_total", "Requests answered, by HTTP status.", "counter");
  for (const auto& [status, count] : responses_) {
    lines += std::format("orthoscribe_requests_total{{status=\"{}\"}} {}\n", status, count);
  }
  lines += single("orthoscribe_prompt_tokens_total", "Tokens read, images included.", "counter", promptTokens_);
  lines += single("orthoscribe_completion_tokens_total", "Tokens written.", "counter", completionTokens_);
  lines += single("orthoscribe_cancelled_total", "Chats that ended because the client went away.", "counter", cancelled_);
  lines += single("orthoscribe_queue_length", "Chats that wait for the model.", "gauge", gauges.queueLength);
  lines += single("orthoscribe_model_ready", "1 once the model is loaded.", "gauge", gauges.modelReady ? 1 : 0);
  lines += single("orthoscribe_model_busy", "1 while the model answers.", "gauge", gauges.modelBusy ? 1 : 0);
  lines += queueTime_.text("orthoscribe_queue_seconds", "Time a chat waited for the model.");
  lines += firstTokenTime_.text("orthoscribe_first_token_seconds", "Time from a chat's arrival to its first token.");
  lines += generationTime_.text("orthoscribe_generation_seconds", "Time the model took for a chat.");
  return lines;
}

}  // namespace orthoscribe::engine::http
