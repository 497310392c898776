// SPDX-License-Identifier: GPL-2.0-or-later
#include "plugin/messages.h"

#include <qgsmessagelog.h>

#include <QCoreApplication>
#include <QLocale>

namespace orthoscribe::plugin {

void log(const QString& text, Qgis::MessageLevel level) {
  QgsMessageLog::logMessage(text, QStringLiteral("Orthoscribe"), level, false);
}

QString asSentence(const QString& text) {
  QString sentence = text.trimmed();
  if (sentence.isEmpty()) return sentence;
  // Not what starts with an address or a path.
  if (!sentence.section(QLatin1Char(' '), 0, 0).contains(QLatin1Char('/'))) sentence[0] = sentence[0].toUpper();
  if (sentence.back().isLetterOrNumber()) sentence += QLatin1Char('.');
  return sentence;
}

QString sizeText(double widthM, double heightM) {
  const QLocale locale;
  const bool large = std::max(widthM, heightM) >= 10'000;
  const double unit = large ? 1000.0 : 1.0;
  const int decimals = !large && std::max(widthM, heightM) < 10 ? 1 : (large && std::max(widthM, heightM) < 100'000 ? 1 : 0);
  const QString pattern =
      large ? QCoreApplication::translate("Messages", "%1 × %2 km") : QCoreApplication::translate("Messages", "%1 × %2 m");
  return pattern.arg(locale.toString(widthM / unit, 'f', decimals), locale.toString(heightM / unit, 'f', decimals));
}

}  // namespace orthoscribe::plugin
