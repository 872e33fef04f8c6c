// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "certificates.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/juju/context.hpp"
#include "charm/juju/hook_tools.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace postgresql {

using charm::Databag;

/// A unit's report about its server in the peer relation.
struct Member {
  std::string address;
  bool primary = false;
  int timeline = 0;      ///< PostgreSQL's timeline, which each promotion increases.
  bool stopped = false;  ///< True after the action stop-database.

  bool operator==(const Member&) const = default;
};

enum class Role {
  unknown,  ///< There is no primary yet.
  primary,
  standby,
  heir,  ///< A standby that must be promoted, because the primary is permanently gone.
};

[[nodiscard]] Member read_member(const Databag& bag);
[[nodiscard]] Databag write_member(const Member& member);

/// Returns the unit that was promoted last among those that report to be the primary.
[[nodiscard]] std::optional<std::string> primary_of(const std::map<std::string, Member>& members);

/// Returns the role that `unit` must have. Only the leader starts a new cluster or inherits one.
/// `initialised`: there has been a primary.
[[nodiscard]] Role role_of(const std::string& unit, const std::map<std::string, Member>& members,
                           bool leader, bool initialised);

/// The secret that the units of the application share.
struct ClusterSecret {
  std::string operator_password;
  std::string replication_password;
  KeyPair authority;
};

/// One related application.
struct Requirer {
  std::string application;
  Databag remote;  ///< Its databag.
  Databag ours;    ///< Our answer so far. Only the leader can read it.
};

/// The inputs of one dispatch, read at its start.
struct World {
  std::string unit;
  std::string application;
  std::string model;
  std::string address;
  bool leader = false;
  bool tls = true;
  bool plain = true;
  std::string publish;                    ///< The option: `service`, `address` or `addresses`.
  std::optional<int> peers;               ///< The peer relation.
  Databag shared;                         ///< Its application databag.
  std::map<std::string, Member> members;  ///< Includes this unit.
  std::optional<ClusterSecret> secret;
  std::map<int, Requirer> requirers;

  [[nodiscard]] const Member& self() const { return members.at(unit); }

  [[nodiscard]] bool initialised() const { return shared.count("initialised") != 0; }

  [[nodiscard]] std::string service(const std::string& kind) const {
    return application + "-" + kind;
  }

  [[nodiscard]] std::string service_host(const std::string& kind) const {
    return service(kind) + "." + model + ".svc.cluster.local";
  }
};

/// Returns the name of the role that is made for a relation.
[[nodiscard]] std::string relation_user(int relation);

/// Reads all inputs. Leaves out a relation that is being removed. The leader makes the secret of a
/// new cluster.
[[nodiscard]] World read_world(const charm::juju::Context& context,
                               const charm::juju::HookTools& tools);

/// Writes this unit's report about its server, if it changed.
void write_self(World& world, const charm::juju::HookTools& tools, const Member& member);

/// Writes a key of the peer relation's application databag; leader only.
void write_shared(World& world, const charm::juju::HookTools& tools, const std::string& key,
                  const std::string& value);

}  // namespace postgresql
