// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/pebble/client.hpp"

#include <string>
#include <vector>

namespace rehearsal::nginx {

/// Where requests and connections go, in turn.
struct Upstream {
  std::string name;
  std::vector<std::string> servers;  ///< `host:port`. None: nothing answers.
  std::string scheme = "http";
  /// Whether a server that does not answer is left out for a while. Without it every request to a
  /// dead server fails.
  bool checked = false;

  bool operator==(const Upstream&) const = default;
};

/// One `location` of an HTTP server.
struct Location {
  std::string match;    ///< What follows the word `location`.
  std::string rewrite;  ///< What follows the word `rewrite`; empty: the path stays.
  std::string upstream;

  bool operator==(const Location&) const = default;
};

struct HttpServer {
  int port = 80;
  std::string host;  ///< Empty: every host without a server of its own.
  std::vector<Location> locations;

  bool operator==(const HttpServer&) const = default;
};

struct TcpServer {
  int port = 0;
  std::vector<std::string> allowed;  ///< Networks of clients; none: all.
  std::string upstream;

  bool operator==(const TcpServer&) const = default;
};

/// All that one nginx does. Texts are taken as they are: the code that makes one from remote data
/// checks its characters.
struct Configuration {
  std::string body_limit = "0";  ///< Of a request, `20m`; 0 is none.
  std::vector<Upstream> http_upstreams;
  std::vector<HttpServer> http_servers;
  std::vector<Upstream> tcp_upstreams;
  std::vector<TcpServer> tcp_servers;

  bool operator==(const Configuration&) const = default;
};

/// Writes an nginx.conf. A request that no location matches is answered with 404.
[[nodiscard]] std::string configuration_text(const Configuration& configuration);

/// Makes nginx run with this nginx.conf in the only container of a partner charm. A changed one is
/// loaded within a second, without cutting a connection; a changed `generation` restarts nginx and
/// cuts them all. Throws charm::pebble::ConnectionError while Pebble is not there.
void run_nginx(const charm::pebble::Client& pebble, const std::string& configuration,
               const std::string& generation = {});

}  // namespace rehearsal::nginx
