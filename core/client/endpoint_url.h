// SPDX-License-Identifier: GPL-2.0-or-later
// The address of a server, as people write it.
#pragma once

#include <string>
#include <string_view>

namespace orthoscribe::client {

struct EndpointUrl {
  std::string origin;  // "http://host:port", as cpp-httplib wants it
  std::string prefix;  // path before "/v1", without a slash at its end; mostly empty

  // For messages: origin and prefix.
  std::string text() const { return origin + prefix; }
};

// Takes http and https, with or without port, path and "/v1" at the end. Throws Error{InvalidInput} for anything else, also for a
// URL with a user name or a query: those would end in logs.
EndpointUrl parseEndpointUrl(std::string_view url);

}  // namespace orthoscribe::client
