// SPDX-License-Identifier: GPL-2.0-or-later
#include "tests/raster/made_raster.h"

#include <cpl_string.h>
#include <gtest/gtest.h>
#include <ogr_spatialref.h>

#include <cstdint>

namespace orthoscribe::geo {
namespace {

void fillBands(GDALDataset& dataset, const MadeRaster& made) {
  std::vector<double> line(static_cast<std::size_t>(made.width));
  for (int band = 1; band <= static_cast<int>(made.colours.size()); ++band) {
    for (int row = 0; row < made.height; ++row) {
      for (int column = 0; column < made.width; ++column) line[static_cast<std::size_t>(column)] = made.value(band, column, row);
      ASSERT_EQ(dataset.GetRasterBand(band)->RasterIO(GF_Write, 0, row, made.width, 1, line.data(), made.width, 1, GDT_Float64, 0,
                                                      0, nullptr),
                CE_None);
    }
  }
}

void fillMask(GDALDataset& dataset, const MadeRaster& made) {
  ASSERT_EQ(dataset.CreateMaskBand(GMF_PER_DATASET), CE_None);
  std::vector<std::uint8_t> line(static_cast<std::size_t>(made.width));
  for (int row = 0; row < made.height; ++row) {
    for (int column = 0; column < made.width; ++column) {
      line[static_cast<std::size_t>(column)] = made.masked(column, row) ? 0 : 255;
    }
    ASSERT_EQ(dataset.GetRasterBand(1)->GetMaskBand()->RasterIO(GF_Write, 0, row, made.width, 1, line.data(), made.width, 1,
                                                                GDT_Byte, 0, 0, nullptr),
              CE_None);
  }
}

}  // namespace

void MadeRaster::write(const std::filesystem::path& path) const {
  GDALAllRegister();
  CPLConfigOptionSetter internalMask("GDAL_TIFF_INTERNAL_MASK", "YES", true);
  CPLStringList options;
  for (const std::string& option : creationOptions) options.AddString(option.c_str());
  if (colours.size() > 1 && colours.back() == GCI_AlphaBand) options.AddString("ALPHA=YES");
  GDALDatasetUniquePtr dataset(GetGDALDriverManager()->GetDriverByName("GTiff")->Create(
      path.c_str(), width, height, static_cast<int>(colours.size()), type, options.List()));
  ASSERT_TRUE(dataset) << path;
  OGRSpatialReference reference;
  if (!crs.empty()) {
    ASSERT_EQ(reference.SetFromUserInput(crs.c_str()), OGRERR_NONE);
  }
  if (!controlPoints.empty()) {
    ASSERT_EQ(dataset->SetGCPs(static_cast<int>(controlPoints.size()), controlPoints.data(), &reference), CE_None);
  } else {
    if (transform) {
      Geotransform copy = *transform;
      ASSERT_EQ(dataset->SetGeoTransform(copy.c.data()), CE_None);
    }
    if (!crs.empty()) {
      ASSERT_EQ(dataset->SetSpatialRef(&reference), CE_None);
    }
  }
  for (int band = 1; band <= static_cast<int>(colours.size()); ++band) {
    if (nodata) dataset->GetRasterBand(band)->SetNoDataValue(*nodata);
    if (palette.empty()) dataset->GetRasterBand(band)->SetColorInterpretation(colours[static_cast<std::size_t>(band - 1)]);
  }
  if (!palette.empty()) {
    GDALColorTable table;
    for (std::size_t i = 0; i < palette.size(); ++i) table.SetColorEntry(static_cast<int>(i), &palette[i]);
    ASSERT_EQ(dataset->GetRasterBand(1)->SetColorTable(&table), CE_None);
  }
  ASSERT_NO_FATAL_FAILURE(fillBands(*dataset, *this));
  if (masked) {
    ASSERT_NO_FATAL_FAILURE(fillMask(*dataset, *this));
  }
  dataset->FlushCache(false);
  if (!overviews.empty()) {
    ASSERT_EQ(dataset->BuildOverviews(overviewResampling.c_str(), static_cast<int>(overviews.size()), overviews.data(), 0,
                                      nullptr, nullptr, nullptr),
              CE_None);
  }
}

}  // namespace orthoscribe::geo
