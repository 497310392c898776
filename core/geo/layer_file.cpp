// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/layer_file.h"

#include <cpl_string.h>
#include <ogrsf_frmts.h>

#include <memory>
#include <utility>

#include "core/base/error.h"
#include "core/base/text_encoding.h"

namespace orthoscribe::geo {
namespace {

constexpr std::size_t kLongestShapefileText = 254;  // bytes; the limit of dBASE

[[noreturn]] void throwFailed(const std::filesystem::path& path, const GdalMessages& messages) {
  throw Error(ErrorCode::Io, "cannot write " + path.string() + (messages.failed() ? ": " + messages.failure() : ""));
}

// OGR's two kinds of error codes have 0 for success in common.
template <typename Status>
void require(Status status, const std::filesystem::path& path, const GdalMessages& messages) {
  if (static_cast<int>(status) != 0) throwFailed(path, messages);
}

const char* driverName(VectorFormat format) {
  switch (format) {
    case VectorFormat::GeoPackage:
      return "GPKG";
    case VectorFormat::Shapefile:
      return "ESRI Shapefile";
    case VectorFormat::GeoJson:
      return "GeoJSON";
    case VectorFormat::FlatGeobuf:
      return "FlatGeobuf";
  }
  return "";
}

CPLStringList layerOptions(VectorFormat format, const LayerContents& contents) {
  CPLStringList options;
  switch (format) {
    case VectorFormat::GeoPackage:
      options.SetNameValue("GEOMETRY_NAME", "geom");
      options.SetNameValue("IDENTIFIER", contents.name.c_str());
      options.SetNameValue("DESCRIPTION", contents.description.c_str());
      break;
    case VectorFormat::Shapefile:
      options.SetNameValue("ENCODING", "UTF-8");
      break;
    case VectorFormat::GeoJson:
      // Nanometres, or as much in degrees.
      options.SetNameValue("COORDINATE_PRECISION", contents.crs && contents.crs->IsGeographic() ? "14" : "9");
      options.SetNameValue("RFC7946", contents.crs && isWgs84(*contents.crs) ? "YES" : "NO");
      options.SetNameValue("DESCRIPTION", contents.description.c_str());
      break;
    case VectorFormat::FlatGeobuf:
      options.SetNameValue("TITLE", contents.name.c_str());
      options.SetNameValue("DESCRIPTION", contents.description.c_str());
      break;
  }
  return options;
}

void addFields(OGRLayer& layer, VectorFormat format, const std::filesystem::path& path, const GdalMessages& messages) {
  OGRFieldDefn label("label", OFTString);
  if (format == VectorFormat::Shapefile) label.SetWidth(kLongestShapefileText);
  require(layer.CreateField(&label), path, messages);
  for (const char* name : {"score", "azimuth", "length_m", "width_m", "area_m2"}) {
    OGRFieldDefn field(name, OFTReal);
    require(layer.CreateField(&field), path, messages);
  }
  OGRFieldDefn tile("tile", OFTInteger);
  require(layer.CreateField(&tile), path, messages);
}

void setOrNull(OGRFeature& feature, const char* field, const std::optional<double>& value) {
  if (value) {
    feature.SetField(field, *value);
  } else {
    feature.SetFieldNull(feature.GetFieldIndex(field));
  }
}

std::string labelFor(const std::string& label, VectorFormat format) {
  std::string text = repairUtf8(label);
  if (format == VectorFormat::Shapefile && text.size() > kLongestShapefileText) {
    text.resize(completeUtf8Length(std::string_view(text).substr(0, kLongestShapefileText)));
  }
  return text;
}

std::unique_ptr<OGRPolygon> polygonOf(const Quad& quad) {
  auto ring = std::make_unique<OGRLinearRing>();
  for (const Point& corner : quad) ring->addPoint(corner.x, corner.y);
  ring->addPoint(quad[0].x, quad[0].y);
  auto polygon = std::make_unique<OGRPolygon>();
  polygon->addRingDirectly(ring.release());
  return polygon;
}

void addFeature(OGRLayer& layer, VectorFormat format, const LayerFeature& row, const std::filesystem::path& path,
                const GdalMessages& messages) {
  const OGRFeatureUniquePtr feature(OGRFeature::CreateFeature(layer.GetLayerDefn()));
  feature->SetField("label", labelFor(row.detection->label, format).c_str());
  setOrNull(*feature, "score", row.detection->score);
  setOrNull(*feature, "azimuth", row.measures ? std::optional(row.measures->azimuthDeg) : std::nullopt);
  setOrNull(*feature, "length_m", row.measures ? row.measures->lengthM : std::nullopt);
  setOrNull(*feature, "width_m", row.measures ? row.measures->widthM : std::nullopt);
  setOrNull(*feature, "area_m2", row.measures ? row.measures->areaM2 : std::nullopt);
  feature->SetField("tile", row.detection->tile);
  feature->SetGeometryDirectly(polygonOf(row.detection->mapQuad).release());
  require(layer.CreateFeature(feature.get()), path, messages);
}

// The table in which QGIS keeps styles, as it makes it itself.
void addStyleTable(GDALDataset& dataset, const LayerContents& contents, const std::filesystem::path& path,
                   const GdalMessages& messages) {
  CPLStringList options;
  options.SetNameValue("FID", "id");
  OGRLayer* styles = dataset.CreateLayer("layer_styles", nullptr, wkbNone, options.List());
  if (!styles) throwFailed(path, messages);
  const auto addText = [&](const char* name, int width) {
    OGRFieldDefn field(name, OFTString);
    field.SetWidth(width);
    require(styles->CreateField(&field), path, messages);
  };
  for (const char* name : {"f_table_catalog", "f_table_schema", "f_table_name", "f_geometry_column"}) addText(name, 256);
  addText("styleName", 30);
  addText("styleQML", 0);
  addText("styleSLD", 0);
  OGRFieldDefn useAsDefault("useAsDefault", OFTInteger);
  useAsDefault.SetSubType(OFSTBoolean);
  require(styles->CreateField(&useAsDefault), path, messages);
  addText("description", 0);
  addText("owner", 30);
  addText("ui", 30);
  OGRFieldDefn updated("update_time", OFTDateTime);
  updated.SetDefault("CURRENT_TIMESTAMP");
  require(styles->CreateField(&updated), path, messages);

  const OGRFeatureUniquePtr row(OGRFeature::CreateFeature(styles->GetLayerDefn()));
  row->SetField("f_table_catalog", "");
  row->SetField("f_table_schema", "");
  row->SetField("f_table_name", contents.name.c_str());
  row->SetField("f_geometry_column", "geom");
  row->SetField("styleName", "detections");
  row->SetField("styleQML", contents.qml.c_str());
  row->SetField("styleSLD", "");
  row->SetField("useAsDefault", 1);
  row->SetField("description", "Outlines by label");
  row->SetField("owner", "");
  require(styles->CreateFeature(row.get()), path, messages);
}

std::string quoted(const std::string& text) {
  std::string result = "'";
  for (const char c : text) result += c == '\'' ? "''" : std::string(1, c);
  return result + "'";
}

// QGIS reads layer metadata from rows of its own beside GDAL's (OGC 12-128r18, extension "metadata").
void addQgisMetadata(GDALDataset& dataset, const LayerContents& contents, const std::filesystem::path& path,
                     const GdalMessages& messages) {
  const auto execute = [&](const std::string& statement) {
    OGRLayer* result = dataset.ExecuteSQL(statement.c_str(), nullptr, nullptr);
    if (result) dataset.ReleaseResultSet(result);
    if (messages.failed()) throwFailed(path, messages);
  };
  execute(
      "INSERT INTO gpkg_metadata (md_scope, md_standard_uri, mime_type, metadata) VALUES ('dataset', 'http://mrcc.com/qgis.dtd', "
      "'text/xml', " +
      quoted(contents.qgisMetadata) + ")");
  execute("INSERT INTO gpkg_metadata_reference (reference_scope, table_name, md_file_id) SELECT 'table', " +
          quoted(contents.name) + ", max(id) FROM gpkg_metadata");
}

void setMetadata(GDALDataset& dataset, OGRLayer& layer, const LayerContents& contents) {
  CPLStringList items;
  for (const auto& [name, value] : contents.metadata) items.SetNameValue(name.c_str(), value.c_str());
  items.SetNameValue("DESCRIPTION", contents.description.c_str());
  layer.SetMetadata(items.List());
  dataset.FlushCache(false);
}

}  // namespace

bool isWgs84(const OGRSpatialReference& reference) {
  OGRSpatialReference wgs84;
  wgs84.SetWellKnownGeogCS("WGS84");
  const char* const options[] = {"IGNORE_DATA_AXIS_TO_SRS_AXIS_MAPPING=YES", "CRITERION=EQUIVALENT_EXCEPT_AXIS_ORDER_GEOGCRS",
                                 nullptr};
  return reference.IsSame(&wgs84, options) != 0;
}

void writeLayerFile(const std::filesystem::path& path, VectorFormat format, const LayerContents& contents) {
  prepareGdal();
  const GdalMessages messages;
  GDALDriver* driver = GetGDALDriverManager()->GetDriverByName(driverName(format));
  if (!driver) {
    throw Error(ErrorCode::Unsupported, std::string("this GDAL cannot write ") + driverName(format), "choose another format");
  }
  GDALDatasetUniquePtr dataset(driver->Create(path.c_str(), 0, 0, 0, GDT_Unknown, nullptr));
  if (!dataset) throwFailed(path, messages);
  const CPLStringList options = layerOptions(format, contents);
  const OGRSpatialReference* crs = contents.crs ? &*contents.crs : nullptr;
  OGRLayer* layer = dataset->CreateLayer(contents.name.c_str(), crs, wkbPolygon, options.List());
  if (!layer) throwFailed(path, messages);
  addFields(*layer, format, path, messages);

  const bool transactions = dataset->TestCapability(ODsCTransactions) != 0;
  if (transactions) require(dataset->StartTransaction(), path, messages);
  for (const LayerFeature& feature : contents.features) addFeature(*layer, format, feature, path, messages);
  if (transactions) require(dataset->CommitTransaction(), path, messages);

  if (format == VectorFormat::GeoPackage) {
    setMetadata(*dataset, *layer, contents);
    addQgisMetadata(*dataset, contents, path, messages);
    if (!contents.qml.empty()) addStyleTable(*dataset, contents, path, messages);
  }
  // Many errors of writing show only here.
  require(GDALClose(dataset.release()), path, messages);
  if (messages.failed()) throwFailed(path, messages);
}

}  // namespace orthoscribe::geo
