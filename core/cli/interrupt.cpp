// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/cli/interrupt.h"

#include <pthread.h>
#include <semaphore.h>

#include <csignal>
#include <cstdlib>
#include <thread>

#include "core/cli/command.h"

namespace orthoscribe::cli {
namespace {

sem_t& arrived() {
  static sem_t semaphore;
  return semaphore;
}

void onSignal(int) {
  sem_post(&arrived());
}

void waitForSignal() {
  while (sem_wait(&arrived()) != 0) {
  }
}

sigset_t interrupts() {
  sigset_t signals;
  sigemptyset(&signals);
  sigaddset(&signals, SIGINT);
  sigaddset(&signals, SIGTERM);
  return signals;
}

}  // namespace

CancelToken interruptToken() {
  static const CancelSource& source = *[] {
    // Lives as long as the process, since the waiting thread does.
    auto* made = new CancelSource;
    sem_init(&arrived(), 0, 0);
    // Threads that libraries started before main() do not block the signals, so any of them may be the one that gets it.
    struct sigaction action{};
    action.sa_handler = onSignal;
    action.sa_flags = SA_RESTART;
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    const sigset_t signals = interrupts();
    pthread_sigmask(SIG_BLOCK, &signals, nullptr);
    std::thread([made, signals] {
      pthread_sigmask(SIG_UNBLOCK, &signals, nullptr);
      waitForSignal();
      made->cancel();
      waitForSignal();
      std::_Exit(kCancelled);
    }).detach();
    return made;
  }();
  return source.token();
}

}  // namespace orthoscribe::cli
