// SPDX-License-Identifier: GPL-2.0-or-later
// Who gets in, and with what: decided from the head of a request, before its body is read.
#pragma once

#include <httplib.h>

#include <cstddef>
#include <string>

namespace orthoscribe::engine::http {

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
