// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/interrupt.h"

#include <pthread.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "core/cli/command.h"

namespace orthoscribe::cli {

CancelToken interruptToken() {
  static const CancelSource& source = *[] {
    // Lives as long as the process, since the waiting thread does.
    auto* made = new CancelSource;
    sigset_t signals;
    sigemptyset(&signals);
    sigaddset(&signals, SIGINT);
    sigaddset(&signals, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([made, signals] {
      int received = 0;
      sigwait(&signals, &received);
      made->cancel();
      sigwait(&signals, &received);
      std::_Exit(kCancelled);
    }).detach();
    return made;
  }();
  return source.token();
}

}  // namespace orthoscribe::cli
