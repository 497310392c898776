// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/parent_watch.h"

#include <poll.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace orthoscribe::cli {
namespace {

constexpr int kCheckMs = 100;

bool inputEnded() {
  pollfd input{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0};
  if (poll(&input, 1, kCheckMs) <= 0) return false;
  if ((input.revents & POLLNVAL) != 0) return true;
  char ignored[256];
  const ssize_t count = read(STDIN_FILENO, ignored, sizeof ignored);
  return count == 0 || (count < 0 && errno != EINTR && errno != EAGAIN);
}

}  // namespace

ParentWatch::ParentWatch(std::function<void()> onGone)
    : thread_([onGone = std::move(onGone), parent = getppid()](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
          if (!inputEnded() && getppid() == parent) continue;
          onGone();
          return;
        }
      }) {}

}  // namespace orthoscribe::cli
