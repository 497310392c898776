// SPDX-License-Identifier: GPL-2.0-or-later
// What servers say when they refuse, as our Error with their words.
#pragma once

#include <string>
#include <string_view>

#include "core/base/error.h"

namespace orthoscribe::client {

// status: of the response, or 0 for an error inside a stream. body: OpenAI's error JSON, or whatever else came.
// server: its address, for the message.
Error errorFromServer(int status, std::string_view body, const std::string& server);

// A server that answered something a chat completions server never would.
Error protocolError(const std::string& server, const std::string& what);

}  // namespace orthoscribe::client
