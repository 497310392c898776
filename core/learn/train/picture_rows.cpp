// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/learn/train/picture_rows.h"

#include <ATen/ATen.h>

namespace orthoscribe::learn {

DecoderInput withPictures(const torch::Tensor& words, std::span<const PictureRows> pictures, std::int64_t layers) {
  DecoderInput input{.embeddings = words, .added = {}};
  if (pictures.empty()) {
    input.added.assign(static_cast<std::size_t>(layers), at::zeros_like(words));
    return input;
  }
  std::vector<torch::Tensor> rows, places;
  const auto options = at::TensorOptions().dtype(at::kLong).device(words.device());
  for (const PictureRows& picture : pictures) {
    rows.push_back(picture.rows);
    places.push_back(at::arange(picture.begin, picture.begin + picture.rows.size(0), options));
  }
  const torch::Tensor all = at::cat(rows).to(words.scalar_type());
  const torch::Tensor where = at::cat(places);
  const std::int64_t hidden = words.size(2);
  const auto placed = [&](const torch::Tensor& among, std::int64_t layer) {
    return among.flatten(0, 1).index_copy(0, where, all.narrow(1, layer * hidden, hidden)).view(words.sizes());
  };
  input.embeddings = placed(words, 0);
  for (std::int64_t layer = 1; layer <= layers; ++layer) input.added.push_back(placed(at::zeros_like(words), layer));
  return input;
}

}  // namespace orthoscribe::learn
