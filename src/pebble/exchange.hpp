// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/client.hpp"

#include <nlohmann/json.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace charm::pebble {

/// The timeout for an answer without a change. Pebble may hang for minutes if its own disk is full.
inline constexpr std::chrono::milliseconds answer_timeout = std::chrono::seconds(10);

/// Makes the request that sends a JSON body.
[[nodiscard]] Request json_request(std::string target, const nlohmann::json& body);

/// Parses Pebble's envelope. Throws ApiError for an error envelope, and for any text that is not an
/// envelope of type `sync` or `async`.
[[nodiscard]] nlohmann::json envelope(const Request& request, const Response& response);

/// Sends a request and returns the `result` of its synchronous answer.
[[nodiscard]] nlohmann::json exchange(Transport& transport, const Request& request,
                                      std::chrono::milliseconds timeout = answer_timeout);

/// Throws the ApiError for an answer that differs from the API's description.
[[noreturn]] void throw_misshapen(const Request& request, int status, const std::string& what);

/// Reads a JSON answer with `read`; a missing or mistyped member is an ApiError.
template <typename Read>
auto shaped(const Request& request, const nlohmann::json& json, Read read) {
  try {
    return read(json);
  } catch (const nlohmann::json::exception&) {
    throw_misshapen(request, 200, "the answer has not the expected shape");
  }
}

}  // namespace charm::pebble
