// SPDX-License-Identifier: GPL-2.0-or-later
// Notices that the process that started this one is gone.
#pragma once

#include <functional>
#include <thread>

namespace orthoscribe::cli {

// Standard input is read until its end: the parent holds the other side of a pipe, which the kernel closes with the parent
// however it ends. In case somebody else inherited that side, the parent's id is watched too. (A signal by PR_SET_PDEATHSIG would
// come when the thread that started us ends, which in QGIS is not the end of QGIS.)
class ParentWatch {
 public:
  // onGone is called once, on a thread of this object.
  explicit ParentWatch(std::function<void()> onGone);

 private:
  std::jthread thread_;
};

}  // namespace orthoscribe::cli
