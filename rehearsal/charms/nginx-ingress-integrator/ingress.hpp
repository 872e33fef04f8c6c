// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/error.hpp"
#include "charm/domain/snapshot.hpp"

#include <string>
#include <vector>

namespace nginx_ingress {

/// The charm's options.
struct Options {
  std::string service_hostname;
  std::vector<std::string> additional_hostnames;
  std::vector<std::string> path_routes;
  bool rewrite_enabled = true;
  std::string rewrite_target = "/";
  int max_body_megabytes = 20;
};

/// The original's message for a blocked charm.
class Blocked : public charm::Error {
 public:
  using Error::Error;
};

/// The application has published nothing yet.
class NothingPublished : public charm::Error {
 public:
  using Error::Error;
};

/// The Ingress that the charm makes in Kubernetes.
struct Ingress {
  std::string host;
  std::string path;     ///< A regular expression if `rewrite` needs one.
  std::string rewrite;  ///< The annotation rewrite-target; empty: no rewriting.
  std::vector<std::string> endpoints;
  int port = 0;
  std::string url;
  int max_body_megabytes = 20;

  bool operator==(const Ingress&) const = default;
};

/// Works out the Ingress for the application. Throws Blocked where the charm is blocked,
/// and NothingPublished where it waits.
[[nodiscard]] Ingress make_ingress(const charm::Relation& relation, const Options& options);

/// Returns the nginx.conf of Kubernetes' ingress controller for this Ingress. Without endpoints,
/// and for a different host or path, the answer is 404.
[[nodiscard]] std::string controller_configuration(const Ingress& ingress);

}  // namespace nginx_ingress
