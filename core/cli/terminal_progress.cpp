// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/terminal_progress.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace orthoscribe::cli {
namespace {

int terminalColumns() {
  winsize size{};
  return ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

}  // namespace

TerminalProgress::TerminalProgress(std::string label, bool quiet)
    : label_(std::move(label)), quiet_(quiet), terminal_(isatty(STDERR_FILENO) == 1) {}

TerminalProgress::~TerminalProgress() {
  if (drawn_) std::fputc('\n', stderr);
}

void TerminalProgress::show(const Progress& progress) {
  if (quiet_) return;
  const std::lock_guard lock(mutex_);
  const auto now = std::chrono::steady_clock::now();
  const bool last = progress.total > 0 && progress.done >= progress.total;
  const auto pause = terminal_ ? std::chrono::milliseconds(100) : std::chrono::seconds(10);
  if (!last && now - lastShown_ < pause) return;
  lastShown_ = now;

  std::string text = std::to_string(progress.done);
  if (progress.total > 0) text += " of " + std::to_string(progress.total);
  if (!progress.unit.empty()) text += " " + progress.unit;
  if (const auto left = remaining_.estimate(progress); left && !last) text += ", " + durationText(*left) + " left";
  if (!progress.note.empty()) text += ", " + progress.note;
  if (!terminal_) {
    std::fprintf(stderr, "%s: %s\n", label_.c_str(), text.c_str());
    return;
  }
  std::string line = label_ + " ";
  if (progress.total > 0) {
    constexpr int kWidth = 24;
    const int filled = static_cast<int>(kWidth * std::clamp(double(progress.done) / double(progress.total), 0.0, 1.0));
    line += "[" + std::string(static_cast<std::size_t>(filled), '#') +
            std::string(static_cast<std::size_t>(kWidth - filled), '.') + "] ";
  }
  line += text;
  line.resize(std::min(line.size(), static_cast<std::size_t>(terminalColumns() - 1)));
  std::fprintf(stderr, "\r\033[K%s", line.c_str());
  std::fflush(stderr);
  drawn_ = true;
}

}  // namespace orthoscribe::cli
