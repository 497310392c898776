// SPDX-License-Identifier: GPL-2.0-or-later
#include "core/client/endpoint_url.h"

#include <algorithm>
#include <cctype>
#include <charconv>

#include "core/base/error.h"

namespace orthoscribe::client {
namespace {

[[noreturn]] void refuse(std::string_view url, const std::string& why) {
  throw Error(ErrorCode::InvalidInput, "the endpoint \"" + std::string(url) + "\" " + why,
              "give a URL such as http://127.0.0.1:8080 or https://host/v1");
}

// host, host:port, [address], [address]:port
void checkAuthority(std::string_view url, std::string_view authority) {
  std::string_view port;
  std::string_view host = authority;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == authority.npos) refuse(url, "has no ] after its address");
    host = authority.substr(1, end - 1);
    port = authority.substr(end + 1);
    if (!port.empty() && port[0] != ':') refuse(url, "has something other than a port after its address");
  } else if (const std::size_t colon = authority.find(':'); colon != authority.npos) {
    host = authority.substr(0, colon);
    port = authority.substr(colon);
  }
  const auto plain = [](unsigned char character) {
    return std::isalnum(character) != 0 || character == '.' || character == '-' || character == '_' || character == ':';
  };
  if (host.empty() || !std::all_of(host.begin(), host.end(), plain)) refuse(url, "has no valid host name");
  if (port.empty()) return;
  int number = 0;
  const auto [end, error] = std::from_chars(port.data() + 1, port.data() + port.size(), number);
  if (error != std::errc() || end != port.data() + port.size() || number < 1 || number > 65535) {
    refuse(url, "has no valid port");
  }
}

}  // namespace

EndpointUrl parseEndpointUrl(std::string_view url) {
  std::string_view rest = url;
  if (url.starts_with("http://")) {
    rest.remove_prefix(7);
  } else if (url.starts_with("https://")) {
    rest.remove_prefix(8);
  } else {
    refuse(url, "begins with neither http:// nor https://");
  }
  if (rest.find_first_of("?#") != rest.npos) refuse(url, "has a query or a fragment");
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string_view authority = rest.substr(0, slash);
  if (authority.find('@') != authority.npos) refuse(url, "holds a user name; the token has a field of its own");
  checkAuthority(url, authority);

  std::string_view prefix = rest.substr(slash);
  const auto dropSlashes = [&prefix] {
    while (prefix.ends_with('/')) prefix.remove_suffix(1);
  };
  dropSlashes();
  if (prefix.ends_with("/v1")) prefix.remove_suffix(3);
  dropSlashes();
  const auto visible = [](unsigned char character) { return character > 0x20 && character < 0x7f; };
  if (!std::all_of(prefix.begin(), prefix.end(), visible)) refuse(url, "has a path with spaces or other unusual characters");
  return {.origin = std::string(url.substr(0, url.size() - rest.size() + slash)), .prefix = std::string(prefix)};
}

}  // namespace orthoscribe::client
