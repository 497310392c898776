// SPDX-License-Identifier: GPL-2.0-or-later
// What the plugin says to people and to the log.
#pragma once

#include <qgis.h>

#include <QString>
#include <exception>

class QgsMessageBar;

namespace orthoscribe::plugin {

// Into QGIS's message log under the tag "Orthoscribe". Any thread.
void log(const QString& text, Qgis::MessageLevel level = Qgis::MessageLevel::Info);

// First letter in upper case, full stop at the end: messages of Error are written to stand in the middle of a sentence.
QString asSentence(const QString& text);

// "512 x 400 m", "1.2 x 0.8 km": the size of a rectangle whose sides are given in metres, in the user's locale.
QString sizeText(double widthM, double heightM);

}  // namespace orthoscribe::plugin
