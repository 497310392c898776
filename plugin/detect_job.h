// SPDX-License-Identifier: GPL-2.0-or-later
// Finds objects on an area; hands over boxes while it runs and keeps the result as a GeoPackage.
#pragma once

#include <qgsfeature.h>

#include <mutex>
#include <vector>

#include "core/tasks/detect.h"
#include "plugin/model_job.h"

namespace orthoscribe::plugin {

// What came since the last look: features in the order found, and those superseded, counted over all features of the run.
struct FoundBoxes {
  QgsFeatureList features;
  std::vector<std::size_t> superseded;
};

class DetectJob : public ModelJob {
  Q_OBJECT

 public:
  // options.area and options.polygons are taken from the request. resultFile: the GeoPackage to write; it is written too when the
  // run was cancelled or broke off, with what was found until then.
  DetectJob(std::shared_ptr<EngineGate> gate, RasterRequest request, tasks::DetectOptions options, const QString& resultFile);

  // Any thread.
  FoundBoxes takeFound();

  // After ended(). Empty when nothing was found or the work never began.
  const QString& writtenFile() const { return mWrittenFile; }
  // Why the result lies elsewhere than wanted, or is nowhere but on the map; empty else.
  const QString& writeProblem() const { return mWriteProblem; }
  const geo::Provenance& provenance() const { return mProvenance; }
  bool georeferenced() const { return mGeoreferenced; }
  const QString& crsWkt() const { return mCrsWkt; }
  const QStringList& warnings() const { return mWarnings; }

 Q_SIGNALS:
  void progressed(qint64 done, qint64 total);

 protected:
  double resolutionM(const ModelInfo& info) const override;
  void work(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info, const CancelToken& cancel) final;
  // Gives to `sink` what is found, and returns where it comes from.
  virtual geo::Provenance search(geo::RasterSource& raster, VisionLanguageModel& model, const ModelInfo& info,
                                 const tasks::DetectSink& sink, const CancelToken& cancel);
  void warn(const std::vector<std::string>& warnings);

 private:
  void take(const std::vector<geo::Detection>& found, const std::vector<std::size_t>& superseded, const geo::Measurer* measurer);
  void keep(const std::string& rasterName);

  tasks::DetectOptions mOptions;
  QString mResultFile;
  std::mutex mMutex;
  FoundBoxes mWaiting;
  std::vector<std::optional<geo::Detection>> mAll;  // superseded ones are empty

  QString mWrittenFile;
  QString mWriteProblem;
  geo::Provenance mProvenance;
  bool mGeoreferenced = true;
  QString mCrsWkt;
  QStringList mWarnings;
};

}  // namespace orthoscribe::plugin
