// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <sys/types.h>

namespace rehearsal::pebble {

struct HttpRequest {
  std::string method;
  /// Without the query, not decoded.
  std::string path;
  std::multimap<std::string, std::string> query;
  /// By lower-case name.
  std::map<std::string, std::string> headers;
  std::string body;
  /// The user at the other end of a unix socket; none over TCP.
  std::optional<uid_t> peer;

  /// The first value of a query parameter, or empty.
  std::string parameter(const std::string& name) const;
  /// All values of a query parameter, as they are.
  std::vector<std::string> parameters(const std::string& name) const;
  /// All values of a query parameter, each of which may be a list with commas.
  std::vector<std::string> list(const std::string& name) const;
  std::string header(const std::string& name) const;
};

/// How a handler that does not answer in one piece reaches the client.
class HttpStream {
 public:
  virtual ~HttpStream() = default;

  /// Whether the client took it.
  virtual bool write(std::string_view piece) = 0;
  /// Whether nobody reads any more: the client is gone or the agent ends.
  virtual bool is_closed() const = 0;
};

struct HttpResponse {
  int status = 200;
  std::map<std::string, std::string> headers{{"Content-Type", "application/json"}};
  std::string body;
  /// If set, gives the body piece by piece instead.
  std::function<void(HttpStream&)> stream;
};

/// The reason phrase of a status.
std::string reason_phrase(int status);

/// Reverses percent-encoding.
std::string percent_decoded(std::string_view text, bool plus_is_space);

/// Splits "path?query" into a request's path and query.
void set_target(HttpRequest& request, std::string_view target);

}  // namespace rehearsal::pebble
