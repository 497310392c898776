// SPDX-License-Identifier: GPL-2.0-or-later
// Lets the user drag a rectangle on the map, shows it while it counts, and remembers it.
#pragma once

#include <qgscoordinatereferencesystem.h>
#include <qgsrectangle.h>

#include <QObject>
#include <QPointer>
#include <memory>
#include <optional>

class QgsMapCanvas;
class QgsMapTool;
class QgsMapToolExtent;
class QgsRubberBand;

namespace orthoscribe::plugin {

class RectanglePicker : public QObject {
  Q_OBJECT

 public:
  explicit RectanglePicker(QgsMapCanvas& canvas, QObject* parent = nullptr);
  // Gives the canvas its former tool back.
  ~RectanglePicker() override;

  void pick();
  void setShown(bool shown);
  void forget();
  // In crs().
  const std::optional<QgsRectangle>& rectangle() const { return mRectangle; }
  const QgsCoordinateReferenceSystem& crs() const { return mCrs; }

 Q_SIGNALS:
  void picked();

 private:
  void take(const QgsRectangle& rectangle);
  void draw();

  QgsMapCanvas& mCanvas;
  std::unique_ptr<QgsMapToolExtent> mTool;
  QPointer<QgsMapTool> mToolBefore;
  std::unique_ptr<QgsRubberBand> mBand;
  std::optional<QgsRectangle> mRectangle;
  QgsCoordinateReferenceSystem mCrs;
  bool mShown = false;
};

}  // namespace orthoscribe::plugin
