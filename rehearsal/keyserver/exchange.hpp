// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace rehearsal::keyserver {

/// Query and form parameters; of one given twice the first counts.
using Parameters = std::map<std::string, std::string>;

struct Request {
  std::string method = {};
  std::string path = {};
  /// The part of the target after the question mark, as it came.
  std::string query = {};
  std::string host = {};
  /// "address:port" of the client.
  std::string remote = {};
  std::string user_agent = {};
  std::string content_type = {};
  std::string body = {};
};

struct Response {
  int status = 200;
  std::string content_type = {};
  std::string body = {};
  std::map<std::string, std::string> headers = {};
};

/// Decodes `application/x-www-form-urlencoded` text. Nothing when it is not encoded right.
std::optional<Parameters> parse_form(std::string_view text);

/// The plain-text answer with an error status.
Response error_response(int status);

}  // namespace rehearsal::keyserver
