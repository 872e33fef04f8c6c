// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/layer.hpp"

#include <memory>
#include <stdexcept>
#include <string>

namespace rehearsal::pebble {

/// An exchange that came to no answer, with the message of Go's net/http.
struct HttpClientError : std::runtime_error {
  HttpClientError(const std::string& message, bool after_timeout)
      : std::runtime_error(message), timed_out(after_timeout) {}

  bool timed_out;
};

struct HttpReply {
  int status = 0;
  std::string body;
};

/// HTTP requests the agent makes: checks and pushed logs. Used by one thread at a time.
class HttpClient {
 public:
  /// Throws HttpClientError for a URL that is not one.
  HttpClient(const std::string& url, Duration timeout);
  ~HttpClient();
  HttpClient(const HttpClient&) = delete;
  HttpClient& operator=(const HttpClient&) = delete;

  /// Follows redirects.
  HttpReply get(const TextMap& headers);
  /// Keeps the connection for the next one.
  HttpReply post(const TextMap& headers, const std::string& body, const std::string& content_type);

 private:
  struct Parts;

  std::unique_ptr<Parts> parts_;
};

}  // namespace rehearsal::pebble
