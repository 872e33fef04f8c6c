// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/pebble/file_handle.hpp"
#include "rehearsal/pebble/http_message.hpp"

#include <atomic>
#include <functional>
#include <optional>
#include <string>

namespace rehearsal::pebble {

using HttpHandler = std::function<HttpResponse(const HttpRequest&, const HttpStream&)>;

/// One connection of a client, HTTP/1.1 or 1.0, served by one thread.
///
/// Why not a library's server: the caller's user id (SO_PEERCRED), answers that end when the
/// client goes away and requests that wait for minutes while others are served are what this
/// socket is about, and the distributions' cpp-httplib gives none of the three.
class HttpConnection : private HttpStream {
 public:
  HttpConnection(FileHandle socket, std::optional<uid_t> peer, const std::atomic<bool>& stopping);

  /// Serves requests until the client closes, asks to close, or breaks the protocol.
  void serve(const HttpHandler& handler);

 private:
  struct Fault {
    std::string reason;
  };

  bool write(std::string_view piece) override;
  bool is_closed() const override;

  bool serve_one(const HttpHandler& handler);
  /// None at the end of the connection. Throws Fault.
  std::optional<HttpRequest> read_head();
  void read_body(HttpRequest& request);
  void read_chunks(HttpRequest& request);
  std::string read_line();
  std::string read_bytes(std::size_t count);
  bool fill();

  void respond(const HttpRequest& request, const HttpResponse& response);
  void respond_fault(const Fault& fault);
  bool send_all(std::string_view bytes);

  FileHandle socket_;
  std::optional<uid_t> peer_;
  const std::atomic<bool>& stopping_;
  std::string buffer_;
  bool keep_alive_ = true;
  bool old_protocol_ = false;
  bool broken_ = false;
};

}  // namespace rehearsal::pebble
