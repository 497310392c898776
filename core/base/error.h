// SPDX-License-Identifier: GPL-2.0-or-later
// The one exception type of Orthoscribe. It is thrown where the cause is known and turned into words at the three
// borders: command line, HTTP, background job.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace orthoscribe {

enum class ErrorCode {
  InvalidInput,  // what the caller gave cannot be used: a file, a field, an option
  NotFound,      // a file, a model or a tensor is missing
  Unsupported,   // understood, but not offered
  Io,            // reading or writing failed
  Unavailable,   // the engine or a server cannot be reached, or is full
  Cancelled,     // the user stopped it
  Internal,      // a mistake of ours
};

// Name of the code as the HTTP border and logs show it, for example "invalid_input".
std::string_view errorCodeName(ErrorCode code);

class Error : public std::exception {
 public:
  // message: what is wrong, with the file or field. hint: what to do about it; may be empty.
  Error(ErrorCode code, std::string message, std::string hint = {});

  ErrorCode code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }
  const std::string& hint() const noexcept { return hint_; }
  // Message and hint on one line.
  const char* what() const noexcept override { return text_.c_str(); }

 private:
  ErrorCode code_;
  std::string message_;
  std::string hint_;
  std::string text_;
};

}  // namespace orthoscribe
