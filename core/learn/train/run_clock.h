// SPDX-License-Identifier: GPL-2.0-or-later
// How far a training run has come: by steps, which repeats bit for bit, or by the clock, which fits a given time on any machine.
#pragma once

#include <chrono>
#include <cstdint>

namespace orthoscribe::learn {

struct RunLength {
  std::int64_t steps = 0;  // used when above 0
  double minutes = 0;
};

class RunClock {
 public:
  // secondsBefore: time that earlier parts of a resumed run have used.
  RunClock(RunLength length, double secondsBefore)
      : length_(length), secondsBefore_(secondsBefore), start_(std::chrono::steady_clock::now()) {}

  double seconds() const {
    return secondsBefore_ + std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }
  // Share of the run that lies behind once `step` steps are done, at least 1 at the end.
  double done(std::int64_t step) const {
    if (length_.steps > 0) return static_cast<double>(step) / static_cast<double>(length_.steps);
    return length_.minutes > 0 ? seconds() / (60 * length_.minutes) : 1;
  }

 private:
  RunLength length_;
  double secondsBefore_;
  std::chrono::steady_clock::time_point start_;
};

}  // namespace orthoscribe::learn
