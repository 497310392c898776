// SPDX-License-Identifier: GPL-2.0-or-later
// A description in a layer's notes, beside what people wrote there.
#pragma once

#include <QString>

class QgsMapLayer;

namespace orthoscribe::plugin {

// Replaces the description that was put there before, when it still stands there word for word; else adds to the notes. Main
// thread.
void putDescription(QgsMapLayer& layer, const QString& text, const QString& model);

}  // namespace orthoscribe::plugin
