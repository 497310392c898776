// SPDX-License-Identifier: GPL-2.0-or-later
// Which part of the map is meant: the view, a drawn rectangle, the whole layer, or selected polygons.
#pragma once

#include <QWidget>
#include <memory>

class QgsVectorLayer;

namespace Ui {
class AreaChooser;
}

namespace orthoscribe::ui {

enum class AreaKind { View, Rectangle, Layer, SelectedPolygons };

class AreaChooser : public QWidget {
  Q_OBJECT

 public:
  explicit AreaChooser(QWidget* parent = nullptr);
  ~AreaChooser() override;

  AreaKind kind() const;
  void setKind(AreaKind kind);
  // The map as drawn has no layer whose whole extent could be meant.
  void setLayerOffered(bool offered);
  void setPolygonsOffered(bool offered);
  // The polygon layer chosen; null when polygons are not meant or there is none.
  QgsVectorLayer* polygonLayer() const;
  // Says whether a rectangle has been drawn, and how large it is.
  void showRectangle(const QString& sizeText);

 Q_SIGNALS:
  void kindChanged();
  // The user wants to draw a rectangle on the map.
  void rectangleWanted();

 private:
  void offer(AreaKind kind, bool offered);
  void updateParts();

  std::unique_ptr<Ui::AreaChooser> mUi;
  QString mRectangleText;
};

}  // namespace orthoscribe::ui
