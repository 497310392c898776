// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/model/weights/overlaid_weights.h"

#include "core/base/error.h"

namespace orthoscribe::model {

namespace fs = std::filesystem;

OverlaidWeights::OverlaidWeights(Checkpoint& checkpoint, const fs::path& file, torch::ScalarType dtype, torch::Device device)
    : checkpoint_(checkpoint), dtype_(dtype) {
  if (file.empty()) return;
  if (!fs::exists(file)) throw Error(ErrorCode::NotFound, file.string() + ": there is no such file of weights");
  replaced_.emplace(readTensors(file.parent_path(), file.stem().string(), device));
  for (const std::string& name : replaced_->names()) {
    if (checkpoint_.has(name)) continue;
    throw Error(ErrorCode::InvalidInput, file.string() + ": the tensor '" + name + "' is none of the base model's",
                "use the file with the model it was trained on");
  }
}

torch::Tensor OverlaidWeights::take(const std::string& name, c10::IntArrayRef shape, FreshValue fresh) {
  // Taken also where it is replaced, so that it does not count as unused.
  torch::Tensor stored = checkpoint_.take(name, shape, fresh);
  if (!replaced_ || !replaced_->has(name)) return stored;
  return replaced_->take(name, shape, fresh).to(dtype_);
}

}  // namespace orthoscribe::model
