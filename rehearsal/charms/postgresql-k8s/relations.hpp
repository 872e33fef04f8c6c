// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "database.hpp"
#include "world.hpp"

#include <string>
#include <vector>

namespace postgresql {

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
