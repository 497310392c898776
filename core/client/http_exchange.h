// SPDX-License-Identifier: GPL-2.0-or-later
// One request to a server and its response, piece by piece, that a token can end at any moment.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "core/base/cancel.h"
#include "core/client/endpoint_url.h"
#include "core/client/http_model.h"

namespace orthoscribe::client {

struct Exchange {
  std::string path;  // "/v1/models"
  std::string body;  // posted as JSON; empty: GET
};

struct ResponseHead {
  int status = 0;
  std::string contentType;  // lower case, without parameters
};

// Returns false when no more is wanted.
using OnBody = std::function<bool(const ResponseHead& head, std::string_view bytes)>;

// Blocks until the response is whole (returns true), onBody has had enough (true), or the token is cancelled (false).
// Responses with a status of 400 and above are read whole and thrown as Error with the server's words. Throws Error{Unavailable}
// when the server cannot be reached or breaks off, and what onBody throws.
bool exchange(const EndpointOptions& options, const EndpointUrl& url, const Exchange& request, const OnBody& onBody,
              const CancelToken& cancel);

}  // namespace orthoscribe::client
