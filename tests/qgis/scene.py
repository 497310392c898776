# SPDX-License-Identifier: GPL-2.0-or-later
"""A georeferenced raster with coloured rectangles at known places, for the sessions in QGIS."""
import math

try:
    from osgeo import gdal, osr
except ImportError:  # sessions in QGIS have it; elsewhere the scene cannot be made
    gdal = osr = None

WIDTH, HEIGHT = 600, 500
GROUND = (120, 135, 105)
COLOURS = {"airplane": (200, 30, 30), "ship": (30, 30, 200)}
# name, centre x, centre y, long side, short side, angle clockwise on the screen, in pixels
SHAPES = [
    ("airplane", 80, 70, 30, 12, 0),
    ("airplane", 230, 90, 30, 12, 35),
    ("airplane", 420, 60, 28, 14, 120),
    ("airplane", 540, 260, 30, 12, 90),
    ("airplane", 200, 250, 26, 12, 160),
    ("ship", 90, 330, 34, 10, 20),
    ("ship", 330, 300, 34, 10, 70),
    ("ship", 300, 440, 30, 10, 145),
    ("ship", 500, 430, 34, 12, 0),
]
GSD = 0.5
ORIGIN = (500_000.0, 5_200_000.0)


def geotransform(turn_deg, fineness=1):
    """fineness: pixels for each of the scene's, along a side."""
    c, s = math.cos(math.radians(turn_deg)) / fineness, math.sin(math.radians(turn_deg)) / fineness
    return (ORIGIN[0], GSD * c, GSD * s, ORIGIN[1], GSD * s, -GSD * c)


def to_map(gt, x, y):
    return gt[0] + x * gt[1] + y * gt[2], gt[3] + x * gt[4] + y * gt[5]


def corners(shape):
    _, cx, cy, long, short, angle = shape
    c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
    half = ((-long / 2, -short / 2), (long / 2, -short / 2), (long / 2, short / 2), (-long / 2, short / 2))
    return [(cx + x * c - y * s, cy + x * s + y * c) for x, y in half]


def expected_corners(turn_deg):
    gt = geotransform(turn_deg)
    return [(shape[0], [to_map(gt, x, y) for x, y in corners(shape)]) for shape in SHAPES]


def largest_error(boxes, turn_deg):
    """boxes: (label, [four corners on the map]). The largest distance of a drawn corner from the nearest box's, in pixels."""
    worst = 0.0 if len(boxes) == len(SHAPES) else math.inf
    for name, quad in expected_corners(turn_deg):
        distances = [
            max(min(math.dist(corner, candidate) for candidate in found) for corner in quad) for label, found in boxes if label == name
        ]
        worst = max(worst, min(distances, default=math.inf) / GSD)
    return worst


def write(path, turn_deg=0.0, fineness=1, shapes=SHAPES):
    gdal.UseExceptions()
    width, height = WIDTH * fineness, HEIGHT * fineness
    bands = [bytearray([level]) * (width * height) for level in GROUND]
    for name, *numbers, angle in shapes:
        cx, cy, long, short = (number * fineness for number in numbers)
        c, s = math.cos(math.radians(angle)), math.sin(math.radians(angle))
        reach = int(math.hypot(long, short) / 2) + 2
        for y in range(cy - reach, cy + reach):
            for x in range(cx - reach, cx + reach):
                dx, dy = x + 0.5 - cx, y + 0.5 - cy
                if abs(dx * c + dy * s) <= long / 2 and abs(dy * c - dx * s) <= short / 2:
                    for band, level in zip(bands, COLOURS[name]):
                        band[y * width + x] = level
    data = gdal.GetDriverByName("GTiff").Create(path, width, height, 3, gdal.GDT_Byte)
    data.SetGeoTransform(geotransform(turn_deg, fineness))
    reference = osr.SpatialReference()
    reference.ImportFromEPSG(32632)
    data.SetProjection(reference.ExportToWkt())
    for index, band in enumerate(bands):
        data.GetRasterBand(index + 1).WriteRaster(0, 0, width, height, bytes(band))
    data.FlushCache()
