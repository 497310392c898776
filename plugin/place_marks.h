// SPDX-License-Identifier: GPL-2.0-or-later
// Outlines on the canvas of the parts that the model looked at closer, until the conversation is cleared.
#pragma once

#include <qgscoordinatereferencesystem.h>
#include <qgsgeometry.h>

#include <QObject>
#include <memory>
#include <optional>
#include <vector>

class QgsMapCanvas;
class QgsRubberBand;

namespace orthoscribe::plugin {

class PlaceMarks : public QObject {
  Q_OBJECT

 public:
  explicit PlaceMarks(QgsMapCanvas& canvas, QObject* parent = nullptr);
  ~PlaceMarks() override;

  void add(int entry, const QgsGeometry& outline, const QgsCoordinateReferenceSystem& crs);
  void clear();

  struct Place {
    QgsRectangle bounds;
    QgsCoordinateReferenceSystem crs;
  };
  // The step-th mark of an entry; nothing when there is none.
  std::optional<Place> placeOf(int entry, int step) const;

 private:
  struct Mark {
    int entry = 0;
    QgsGeometry outline;
    QgsCoordinateReferenceSystem crs;
    std::unique_ptr<QgsRubberBand> band;
  };
  void draw(const Mark& mark);

  QgsMapCanvas& mCanvas;
  std::vector<Mark> mMarks;
};

}  // namespace orthoscribe::plugin
