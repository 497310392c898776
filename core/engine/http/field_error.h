// SPDX-License-Identifier: GPL-2.0-or-later
// A refusal that says which field of a request it is about, so that the answer can name it under "param".
#pragma once

#include <string>
#include <utility>

#include "core/base/error.h"

namespace orthoscribe::engine::http {

class FieldError : public Error {
 public:
  // field: path of the field, "messages[0].content". problem continues the sentence that begins with the field: "must be a
  // string".
  FieldError(std::string field, const std::string& problem, std::string hint = {}, ErrorCode code = ErrorCode::InvalidInput)
      : Error(code, field + " " + problem, std::move(hint)), field_(std::move(field)) {}

  const std::string& field() const noexcept { return field_; }

 private:
  std::string field_;
};

}  // namespace orthoscribe::engine::http
