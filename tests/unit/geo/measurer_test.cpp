// SPDX-License-Identifier: GPL-2.0-or-later
#include <gtest/gtest.h>

#include <cmath>
#include <string>

#include "core/base/error.h"
#include "core/geo/layer_writer.h"

namespace orthoscribe::geo {
namespace {

Quad boxOf(Point centre, double length, double width, double azimuthDeg) {
  // The box's angle turns from +x to +y, an azimuth from +y to +x.
  return corners(makeOrientedBox(centre, length, width, 90 - azimuthDeg));
}

TEST(Measurer, MeasuresInAPlaneWithoutCrs) {
  const Measurer measurer("");
  for (const double azimuth : {0.0, 30.0, 89.0, 90.0, 135.0, 179.0}) {
    const GroundMeasures measures = measurer.measure(boxOf({100, 200}, 20, 5, azimuth));
    EXPECT_NEAR(measures.azimuthDeg, azimuth, 1e-9);
    EXPECT_FALSE(measures.lengthM);
    EXPECT_FALSE(measures.widthM);
    EXPECT_FALSE(measures.areaM2);
  }
}

TEST(Measurer, TakesTheScaleOfAProjectionOut) {
  const Measurer utm("EPSG:32633");
  const GroundMeasures measures = utm.measure(boxOf({500000, 5000000}, 100, 20, 40));
  EXPECT_NEAR(*measures.lengthM, 100 / 0.9996, 1e-3);
  EXPECT_NEAR(*measures.widthM, 20 / 0.9996, 1e-3);
  EXPECT_NEAR(*measures.areaM2, 2000 / 0.9996 / 0.9996, 0.05);
  EXPECT_NEAR(measures.azimuthDeg, 40, 1e-9);
  // Web Mercator northwards at 60 degrees: cos(60) times the radius along the meridian, 6383454 m, over 6378137 m.
  const Measurer mercator("EPSG:3857");
  EXPECT_NEAR(*mercator.measure(boxOf({0, 8399737.89}, 100, 20, 0)).lengthM, 50.0417, 1e-3);
}

TEST(Measurer, MeasuresDegreesOnTheEllipsoid) {
  const Measurer degrees("EPSG:4326");
  // At 60 degrees: 0.001 degrees east is 55.8 m, 0.0008 degrees north is 89.1 m, so the latter is the long side.
  const Quad quad = {Point{10, 60}, Point{10.001, 60}, Point{10.001, 60.0008}, Point{10, 60.0008}};
  const GroundMeasures measures = degrees.measure(quad);
  EXPECT_NEAR(*measures.lengthM, 89.13, 0.02);
  EXPECT_NEAR(*measures.widthM, 55.80, 0.02);
  EXPECT_NEAR(*measures.areaM2, 89.13 * 55.80, 3);
  EXPECT_NEAR(std::remainder(measures.azimuthDeg, 180.0), 0, 1e-6);
  // North-east on the ground, not in degrees.
  const double east = 0.001;
  const double north = 0.001 * 55.80 / 111.42;
  const Point shift{-north / 10, east / 10 * 0.25};
  const Quad turned = {Point{10 - shift.x, 60 - shift.y}, Point{10 + east - shift.x, 60 + north - shift.y},
                       Point{10 + east + shift.x, 60 + north + shift.y}, Point{10 + shift.x, 60 + shift.y}};
  EXPECT_NEAR(degrees.measure(turned).azimuthDeg, 45, 0.1);
}

TEST(Measurer, WorksAcrossTheDateLineAndOnOtherBodies) {
  const Measurer degrees("EPSG:4326");
  const Quad quad = {Point{179.999, 0}, Point{180.001, 0}, Point{180.001, 0.0001}, Point{179.999, 0.0001}};
  EXPECT_NEAR(*degrees.measure(quad).lengthM, 222.6, 0.1);
  EXPECT_NEAR(*degrees.measure(quad).areaM2, 222.64 * 11.057, 1);
  const Measurer mars("+proj=eqc +lat_ts=0 +lon_0=0 +R=3396190 +units=m +no_defs +type=crs");
  EXPECT_NEAR(*mars.measure(boxOf({0, 0}, 1000, 100, 90)).lengthM, 1000, 1e-3);
}

TEST(Measurer, OfALocalSystemUsesItsUnit) {
  const Measurer local(
      "ENGCRS[\"yard\",EDATUM[\"yard\"],CS[Cartesian,2],AXIS[\"x\",east],AXIS[\"y\",north],"
      "LENGTHUNIT[\"foot\",0.3048]]");
  const GroundMeasures measures = local.measure(boxOf({0, 0}, 100, 10, 20));
  EXPECT_NEAR(*measures.lengthM, 30.48, 1e-9);
  EXPECT_NEAR(*measures.areaM2, 1000 * 0.3048 * 0.3048, 1e-9);
}

TEST(Measurer, LeavesOutWhatTheCrsDoesNotReach) {
  const Measurer utm("EPSG:32633");
  EXPECT_FALSE(utm.measure(boxOf({1e12, 1e12}, 100, 20, 40)).lengthM);
  EXPECT_THROW(Measurer("EPSG:notanumber"), Error);
  EXPECT_THROW(Measurer("/etc/hostname"), Error);
}

}  // namespace
}  // namespace orthoscribe::geo
