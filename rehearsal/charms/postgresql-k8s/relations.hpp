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

/// The request of a related application (postgresql_client v0, data_interfaces v0).
struct Request {
  std::string database;
  std::vector<std::string> extra_user_roles;
  std::set<std::string> secrets;  ///< `requested-secrets`: values that must not be in plain text.

  bool operator==(const Request&) const = default;
};

/// The data that the cluster can publish for every application.
struct Offer {
  std::vector<std::string> endpoints;            ///< `host:port`
  std::vector<std::string> read_only_endpoints;  ///< `host:port`
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

/// Our answer: the databag without secret URIs, and the content of the secrets.
struct Publication {
  Databag bag;
  Databag user_secret;  ///< Empty: no secret is requested.
  Databag tls_secret;

  bool operator==(const Publication&) const = default;
};

/// Reads the requirer's databag. Throws charm::Error if the charm of PostgreSQL fails its hook: for
/// `requested-secrets` that is not JSON, and for roles that changed since `answered`, our own
/// databag.
[[nodiscard]] Request read_request(const Databag& remote, const Databag& answered);

/// Returns the provider's copy of the requirer's databag, in the form of Python's json.dumps.
[[nodiscard]] std::string remembered(const Databag& remote);

/// The whole answer.
[[nodiscard]] Publication publish(const Request& request, const Offer& offer,
                                  const Credentials& credentials);

/// Answers the related applications. The leader does this, on the primary of any unit.
class Relations {
 public:
  Relations(World& world, const charm::juju::HookTools& tools) : world_(&world), tools_(&tools) {}

  /// Before there is a primary: stores the requests and answers nothing.
  void remember();

  /// Makes databases and users, publishes, and drops the users of removed relations. With `renew`
  /// every user gets a new password. Returns the reasons for missing answers, one sentence each.
  std::vector<std::string> answer(Database& primary, bool renew = false);

  /// Removes the secrets of a relation that is being removed.
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
