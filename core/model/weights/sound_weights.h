// SPDX-License-Identifier: GPL-2.0-or-later
// Whether what a file holds can be weights at all. A network of broken numbers loads, and then says nothing but nonsense.
#pragma once

#include <torch/types.h>

#include <string>

namespace orthoscribe::model {

// Throws Error{InvalidInput} naming this dtype and those that weights may have: F64, F32, F16, BF16. where: file and tensor, for
// the message.
void requireWeightType(torch::ScalarType stored, const std::string& where);

// One pass over the values, without a copy of them. Throws Error{InvalidInput} saying how many are NaN or infinite and where the
// first is.
void requireFinite(const torch::Tensor& values, const std::string& where);

}  // namespace orthoscribe::model
