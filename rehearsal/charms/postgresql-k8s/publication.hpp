// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace postgresql {

using charm::Databag;

/// What a related application asks for (postgresql_client v0, data_interfaces v0).
struct Request {
  std::string database;
  std::vector<std::string> extra_user_roles;
  std::set<std::string> secrets;  ///< `requested-secrets`: what must not travel in plain text.

  bool operator==(const Request&) const = default;
};

/// What the cluster can tell every application.
struct Offer {
  std::vector<std::string> endpoints;            ///< `host:port`
  std::vector<std::string> read_only_endpoints;  ///< Likewise.
  std::string version;
  bool tls = false;
  std::string authority;  ///< PEM; published when TLS is on.

  bool operator==(const Offer&) const = default;
};

struct Credentials {
  std::string user;
  std::string password;

  bool operator==(const Credentials&) const = default;
};

/// Our answer: the databag without secret URIs, and what the secrets hold.
struct Publication {
  Databag bag;
  Databag user_secret;  ///< Empty: none is wanted.
  Databag tls_secret;

  bool operator==(const Publication&) const = default;
};

/// Reads the requirer's databag. Throws charm::Error where the charm of PostgreSQL fails its hook:
/// `requested-secrets` that is not JSON, and roles that changed since `answered`, our own databag.
[[nodiscard]] Request read_request(const Databag& remote, const Databag& answered);

/// The requirer's databag as the provider keeps it, in the words of Python's json.dumps.
[[nodiscard]] std::string remembered(const Databag& remote);

/// The whole answer.
[[nodiscard]] Publication publish(const Request& request, const Offer& offer,
                                  const Credentials& credentials);

}  // namespace postgresql
