// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "exchange.hpp"

#include "charm/json/json_text.hpp"

#include <utility>

namespace charm::pebble {
namespace {

using Json = nlohmann::json;

/// Go's HTTP server answers a request that it cannot parse with one line of text.
std::string plain_explanation(const Response& response) {
  const bool plain = response.status >= 400 && response.content_type.starts_with("text/plain");
  if (!plain) {
    return "the answer is not JSON";
  }
  return response.body.substr(0, std::min<std::size_t>(response.body.find('\n'), 200));
}

std::string string_member(const Json& json, const char* name) {
  const auto found = json.find(name);
  return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

}  // namespace

ApiError::ApiError(int status, std::string kind, const std::string& message)
    : Error(message), status_(status), kind_(std::move(kind)) {}

Request json_request(std::string target, const nlohmann::json& body) {
  return {.method = "POST",
          .target = std::move(target),
          .body = json_text(body),
          .content_type = "application/json"};
}

void throw_misshapen(const Request& request, int status, const std::string& what) {
  throw ApiError(status, {},
                 "Pebble's answer to " + request.method + " " + request.target + " (HTTP " +
                     std::to_string(status) + "): " + what);
}

nlohmann::json envelope(const Request& request, const Response& response) {
  auto parsed = parse_json(response.body);
  if (!parsed || !parsed->is_object()) {
    throw_misshapen(request, response.status, plain_explanation(response));
  }
  Json& json = *parsed;
  const std::string type = string_member(json, "type");
  if (type == "sync" || type == "async") {
    return std::move(json);
  }
  if (type != "error") {
    throw_misshapen(request, response.status, "the answer is not an envelope of Pebble's API");
  }
  const Json result = json.value("result", Json::object());
  throw ApiError(response.status, string_member(result, "kind"),
                 "Pebble refused " + request.method + " " + request.target + " (HTTP " +
                     std::to_string(response.status) + "): " + string_member(result, "message"));
}

nlohmann::json exchange(Transport& transport, const Request& request,
                        std::chrono::milliseconds timeout) {
  Json json = envelope(request, transport.send(request, timeout));
  return json.value("result", Json());
}

}  // namespace charm::pebble
