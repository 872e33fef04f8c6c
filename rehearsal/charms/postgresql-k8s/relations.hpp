// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "cluster.hpp"
#include "database.hpp"

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace postgresql {

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

/// Answers the related applications. The leader's work, on the primary wherever that runs.
class Relations {
 public:
  Relations(World& world, const charm::juju::HookTools& tools) : world_(&world), tools_(&tools) {}

  /// Before there is a primary: remembers the requests and answers nothing.
  void remember();

  /// Makes databases and users, publishes, and drops the users of relations that are gone. With
  /// `renew` every user gets a new password. Returns what blocks an answer, one sentence each.
  std::vector<std::string> answer(Database& primary, bool renew = false);

  /// Removes the secrets of a relation that is being broken.
  void forget(int relation);

 private:
  [[nodiscard]] Offer offer(Database& primary) const;
  [[nodiscard]] Credentials credentials(int relation, const Requirer& requirer, bool renew) const;
  [[nodiscard]] Database open(const std::string& database) const;
  void make_account(Database& primary, const Account& account);
  void publish_answer(int relation, Requirer& requirer, const Publication& publication);
  void publish_secret(int relation, Requirer& requirer, const std::string& key,
                      const Databag& content);
  void set(int relation, Requirer& requirer, const Databag& bag);
  void drop_stale_users(Database& primary);

  World* world_;
  const charm::juju::HookTools* tools_;
};

}  // namespace postgresql
