// SPDX-License-Identifier: GPL-2.0-or-later
// A square view of a sample, turned, flipped, scaled and shifted, with the boxes that follow the pixels.
#pragma once

#include <cstdint>
#include <random>
#include <vector>

#include "core/learn/data/sample.h"

namespace orthoscribe::learn {

using Random = std::mt19937_64;

// Uniform in [low, high), the same on every platform.
double uniform(Random& random, double low, double high);

// Maps view pixels to source pixels: source = (a * x + b * y + c, d * x + e * y + f), pixel centres at +0.5. A similarity: one
// scale, one angle, maybe a flip.
struct ViewTransform {
  double a = 1, b = 0, c = 0, d = 0, e = 1, f = 0;
  geo::Point toSource(geo::Point view) const { return {a * view.x + b * view.y + c, d * view.x + e * view.y + f}; }
  geo::Point toView(geo::Point source) const;
  double scale() const;  // source pixels a view pixel
};

struct Augmentation {
  double freeRotation = 0.5;  // chance of any angle; otherwise quarter turns
  double zoom = 1.25;         // largest factor of scaling, either way
  double zoomOut = 1;         // largest further factor by which the picture shrinks, so that a small view shows all of it
  double shift = 24;          // pixels of the view
  double colour = 1.0;        // strength of changes of light; 0: none
};

// The whole picture resized to side x side, as the image processor of the model does it.
ViewTransform plainView(const Sample& sample, int side);
// Random, about the picture's centre, or about a random place where the picture is larger than the view.
ViewTransform randomView(const Sample& sample, int side, const Augmentation& augmentation, Random& random);

struct View {
  RgbImage image;  // side x side; beyond the source's border it is mirrored
  ViewTransform transform;
  std::vector<LabelledBox> boxes;  // in view pixels; those whose centre lies outside are left out
};

View takeView(const Sample& sample, const ViewTransform& transform, int side);

// Whether this place of the view shows the picture itself and not its mirrored continuation.
bool showsSource(const Sample& sample, const ViewTransform& transform, geo::Point view);

// Brightness, contrast, colour balance, saturation, blur and noise.
void changeLight(RgbImage& image, double strength, Random& random);

}  // namespace orthoscribe::learn
