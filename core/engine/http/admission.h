// SPDX-License-Identifier: GPL-2.0-or-later
// Who gets in, and with what: decided from the head of a request, before its body is read.
#pragma once

#include <httplib.h>

#include <cstddef>
#include <string>
#include <string_view>

namespace orthoscribe::engine::http {

// Takes as long for any two texts of the lengths given, so that the time tells nothing of the token.
bool equalInConstantTime(std::string_view given, std::string_view expected);

class Admission {
 public:
  Admission(std::string token, std::size_t maxBodyBytes);

  // True if the request may go on. Otherwise the response says why: 401, 404, 405, 411, 413. Only /health needs no token, and
  // without one nobody learns which paths exist.
  bool admit(const httplib::Request& request, httplib::Response& response) const;

 private:
  bool holdsToken(const httplib::Request& request) const;

  std::string token_;
  std::size_t maxBodyBytes_;
};

}  // namespace orthoscribe::engine::http
