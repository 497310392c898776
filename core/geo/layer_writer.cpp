// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/geo/layer_writer.h"

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "core/base/error.h"
#include "core/base/files.h"
#include "core/geo/layer_file.h"
#include "core/geo/layer_metadata.h"
#include "core/geo/layer_style.h"

namespace orthoscribe::geo {
namespace {

namespace fs = std::filesystem;

std::string lowerCase(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

fs::path freshFolder(const fs::path& pattern) {
  std::string name = pattern.string();
  if (!::mkdtemp(name.data())) {
    throw Error(ErrorCode::Io, "cannot write into " + pattern.parent_path().string() + ": " + std::strerror(errno));
  }
  return name;
}

class Staging {
 public:
  explicit Staging(const fs::path& parent) : folder_(freshFolder(parent / ".orthoscribe-XXXXXX")) {}
  ~Staging() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Staging(const Staging&) = delete;
  Staging& operator=(const Staging&) = delete;
  const fs::path& folder() const { return folder_; }

 private:
  fs::path folder_;
};

// OGR makes all files of a shapefile with extensions in lower case, so that is what the main one is called.
fs::path mainFileName(const fs::path& path, VectorFormat format) {
  return format == VectorFormat::Shapefile ? fs::path(path.stem().string() + ".shp") : path.filename();
}

// Files that describe what was at this place before and would be wrong beside the new layer.
void removeStale(const fs::path& main, VectorFormat format) {
  std::error_code ignored;
  if (format == VectorFormat::GeoPackage) {
    for (const char* suffix : {"-wal", "-shm", "-journal"}) fs::remove(main.string() + suffix, ignored);
  }
  if (format == VectorFormat::Shapefile) {
    for (const char* extension : {".qix", ".sbn", ".sbx", ".prj", ".qpj"})
      fs::remove(fs::path(main).replace_extension(extension), ignored);
  }
}

void writeAllFiles(const fs::path& main, VectorFormat format, const LayerContents& contents) {
  writeLayerFile(main, format, contents);
  if (!contents.qml.empty()) writeTextFile(fs::path(main).replace_extension(".qml"), contents.qml);
  if (format != VectorFormat::GeoPackage) writeTextFile(fs::path(main).replace_extension(".qmd"), contents.qgisMetadata);
}

// The user knows nothing of the staging folder.
std::string withoutFolder(std::string message, const fs::path& staging, const fs::path& parent) {
  const std::string hidden = staging.string();
  for (std::size_t at = message.find(hidden); at != std::string::npos; at = message.find(hidden, at + 1)) {
    message.replace(at, hidden.size(), parent.string());
  }
  return message;
}

void writeBesideAndRename(const fs::path& path, VectorFormat format, const LayerContents& contents) {
  const fs::path parent = path.has_parent_path() ? path.parent_path() : fs::path(".");
  std::error_code failed;
  if (!fs::is_directory(parent, failed)) throw Error(ErrorCode::Io, "there is no folder " + parent.string());
  if (fs::is_directory(path, failed)) throw Error(ErrorCode::Io, path.string() + " is a folder");
  const Staging staging(parent);
  try {
    writeAllFiles(staging.folder() / path.filename(), format, contents);
  } catch (const Error& error) {
    throw Error(error.code(), withoutFolder(error.message(), staging.folder(), parent), error.hint());
  }

  std::vector<fs::path> names;
  for (const fs::directory_entry& entry : fs::directory_iterator(staging.folder())) names.push_back(entry.path().filename());
  // The main file last: once it is there, all of it is.
  std::stable_partition(names.begin(), names.end(), [&](const fs::path& name) { return name != path.filename(); });
  removeStale(path, format);
  for (const fs::path& name : names) {
    fs::rename(staging.folder() / name, parent / name, failed);
    if (failed) throw Error(ErrorCode::Io, "cannot write " + (parent / name).string() + ": " + failed.message());
  }
}

fs::path keepInTemporaryFolder(const fs::path& name, VectorFormat format, const LayerContents& contents) {
  const fs::path folder = freshFolder(fs::temp_directory_path() / "orthoscribe-XXXXXX");
  try {
    writeAllFiles(folder / name, format, contents);
  } catch (...) {
    std::error_code ignored;
    fs::remove_all(folder, ignored);
    throw;
  }
  return folder / name;
}

std::vector<std::string> labelsOf(const std::vector<Detection>& detections) {
  std::vector<std::string> labels;
  for (const Detection& detection : detections) labels.push_back(detection.label);
  std::sort(labels.begin(), labels.end());
  labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  std::erase(labels, "");
  return labels;
}

bool hasPlace(const Detection& detection) {
  return std::all_of(detection.mapQuad.begin(), detection.mapQuad.end(),
                     [](const Point& corner) { return std::isfinite(corner.x) && std::isfinite(corner.y); });
}

std::vector<LayerFeature> measured(const std::vector<Detection>& detections, const std::string& wkt, bool georeferenced,
                                   std::vector<std::string>& warnings) {
  const Measurer measurer(wkt);
  std::vector<LayerFeature> features;
  for (const Detection& detection : detections) {
    if (!hasPlace(detection)) continue;
    features.push_back({&detection, georeferenced ? std::optional(measurer.measure(detection.mapQuad)) : std::nullopt});
  }
  if (features.size() < detections.size()) {
    warnings.push_back(std::to_string(detections.size() - features.size()) +
                       " detections without a place on the map were left out");
  }
  return features;
}

LayerContents contentsOf(const fs::path& path, VectorFormat format, const std::vector<Detection>& detections,
                         const std::string& crsWkt, bool georeferenced, const Provenance& provenance,
                         std::vector<std::string>& warnings) {
  LayerContents contents;
  const std::string wkt = georeferenced ? crsWkt : std::string();
  if (!wkt.empty()) contents.crs = spatialReference(wkt);
  if (contents.crs && format == VectorFormat::GeoJson && !isWgs84(*contents.crs) && !contents.crs->GetAuthorityCode(nullptr)) {
    warnings.push_back("GeoJSON cannot name the coordinate reference system " + std::string(contents.crs->GetName()) +
                       ", programs will take the coordinates for degrees: a GeoPackage can");
  }
  contents.name = path.stem().string();
  contents.features = measured(detections, wkt, georeferenced, warnings);
  contents.description = layerDescription(provenance, contents.features.size());
  contents.metadata = metadataItems(provenance);
  contents.qgisMetadata = qgisMetadata(provenance, contents.name, contents.features.size());
  try {
    contents.qml = detectionStyle(labelsOf(detections));
  } catch (const Error& error) {
    // A layer without style is worth more than none.
    warnings.push_back(std::string("the layer has no style: ") + error.what());
  }
  return contents;
}

}  // namespace

VectorFormat vectorFormatOf(const fs::path& path) {
  const std::string extension = lowerCase(path.extension().string());
  if (extension == ".gpkg") return VectorFormat::GeoPackage;
  if (extension == ".shp") return VectorFormat::Shapefile;
  if (extension == ".geojson" || extension == ".json") return VectorFormat::GeoJson;
  if (extension == ".fgb") return VectorFormat::FlatGeobuf;
  throw Error(ErrorCode::InvalidInput, "the format of " + path.string() + " is not known by its extension",
              "name the file .gpkg, .shp, .geojson, .json or .fgb");
}

WrittenLayer writeDetections(const fs::path& path, const std::vector<Detection>& detections, const std::string& crsWkt,
                             bool georeferenced, const Provenance& provenance) {
  const VectorFormat format = vectorFormatOf(path);
  prepareGdal();
  WrittenLayer result;
  result.path = path.parent_path() / mainFileName(path, format);
  const LayerContents contents = contentsOf(path, format, detections, crsWkt, georeferenced, provenance, result.warnings);
  try {
    writeBesideAndRename(result.path, format, contents);
    return result;
  } catch (const Error& error) {
    if (error.code() != ErrorCode::Io) throw;
    result.reason = error.message();
  }
  result.path = keepInTemporaryFolder(result.path.filename(), format, contents);
  result.elsewhere = true;
  return result;
}

}  // namespace orthoscribe::geo
