// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/client.hpp"

#include <string>
#include <vector>

namespace rehearsal::nginx {

/// The servers that receive requests and connections in turn.
struct Upstream {
  std::string name;
  std::vector<std::string> servers;  ///< `host:port`. Empty: there is no answer.
  std::string scheme = "http";
  /// Whether a server that does not answer is skipped for a while. If false, every request to a
  /// dead server fails.
  bool checked = false;

  bool operator==(const Upstream&) const = default;
};

/// One `location` of an HTTP server.
struct Location {
  std::string match;    ///< The text after the word `location`.
  std::string rewrite;  ///< The text after the word `rewrite`; empty: the path stays.
  std::string upstream;

  bool operator==(const Location&) const = default;
};

struct HttpServer {
  int port = 80;
  std::string host;  ///< Empty: every host without a separate server.
  std::vector<Location> locations;

  bool operator==(const HttpServer&) const = default;
};

struct TcpServer {
  int port = 0;
  std::vector<std::string> allowed;  ///< Networks of clients; empty: all clients.
  std::string upstream;

  bool operator==(const TcpServer&) const = default;
};

/// The whole configuration of one nginx. Texts are used unchanged: code that makes one from remote
/// data must check its characters.
struct Configuration {
  std::string body_limit = "0";  ///< Limit of a request's body, `20m`; 0 means no limit.
  std::vector<Upstream> http_upstreams;
  std::vector<HttpServer> http_servers;
  std::vector<Upstream> tcp_upstreams;
  std::vector<TcpServer> tcp_servers;

  bool operator==(const Configuration&) const = default;
};

/// Writes an nginx.conf. If no location matches a request, the answer is 404.
[[nodiscard]] std::string configuration_text(const Configuration& configuration);

/// Runs nginx with this nginx.conf in the only container of a partner charm. A changed
/// configuration is loaded within a second and keeps connections. A changed `generation` restarts
/// nginx and drops all connections. Throws charm::pebble::ConnectionError while Pebble cannot be
/// reached.
void run_nginx(const charm::pebble::Client& pebble, const std::string& configuration,
               const std::string& generation = {});

}  // namespace rehearsal::nginx
