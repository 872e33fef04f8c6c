// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/pebble/transport.hpp"

#include <utility>

namespace charm::pebble {

UnixSocketTransport::UnixSocketTransport(const std::string& socket_path, const Deadline& end)
    : socket_path_(socket_path), client_(socket_path), end_(&end) {}

Response UnixSocketTransport::send(const Request& request, std::chrono::milliseconds timeout) {
  if (end_->passed()) {
    throw OutOfTime("no time is left for " + request.method + " " + request.target);
  }
  socket::HttpAnswer answer = client_.exchange(request, end_->left(timeout));
  if (answer.status == 0) {
    throw ConnectionError(request.method + " " + request.target + " on " + socket_path_ + ": " +
                          answer.error);
  }
  return {.status = answer.status,
          .body = std::move(answer.body),
          .content_type = std::move(answer.content_type)};
}

}  // namespace charm::pebble
