// SPDX-License-Identifier: GPL-2.0-or-later
#pragma once

#include <gtest/gtest.h>

#include <QLatin1String>
#include <QWidget>

namespace orthoscribe {

// The child of that object name; a test that finds none has failed.
template <typename Widget>
Widget* part(const QWidget& inside, const char* name) {
  auto* found = inside.findChild<Widget*>(QLatin1String(name));
  EXPECT_NE(found, nullptr) << name;
  return found;
}

}  // namespace orthoscribe
