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

/// What a unit says of its server in the peer relation.
struct Member {
  std::string address;
  bool primary = false;
  int timeline = 0;      ///< Of PostgreSQL: each promotion raises it.
  bool stopped = false;  ///< By the action stop-database.

  bool operator==(const Member&) const = default;
};

enum class Role {
  unknown,  ///< There is no primary yet.
  primary,
  standby,
  heir,  ///< A standby that has to be promoted: the primary is gone for good.
};

[[nodiscard]] Member read_member(const Databag& bag);
[[nodiscard]] Databag write_member(const Member& member);

/// The unit that was promoted last among those who say they are the primary.
[[nodiscard]] std::optional<std::string> primary_of(const std::map<std::string, Member>& members);

/// What `unit` has to be. Only the leader starts a new cluster or inherits one; `initialised`:
/// there was a primary once.
[[nodiscard]] Role role_of(const std::string& unit, const std::map<std::string, Member>& members,
                           bool leader, bool initialised);

/// What the units of the application share in a secret.
struct ClusterSecret {
  std::string operator_password;
  std::string replication_password;
  KeyPair authority;
};

/// One related application.
struct Requirer {
  std::string application;
  Databag remote;  ///< Its databag.
  Databag ours;    ///< Our answer so far; only the leader can read it.
};

/// What one dispatch reads before it does anything.
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
  std::map<std::string, Member> members;  ///< Ourselves included.
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

/// The name of the role made for a relation.
[[nodiscard]] std::string relation_user(int relation);

/// Reads all of it; a relation that is being broken is left out. The leader makes the secret of a
/// new cluster.
[[nodiscard]] World read_world(const charm::juju::Context& context,
                               const charm::juju::HookTools& tools);

/// Writes what this unit says of its server, if that changed.
void write_self(World& world, const charm::juju::HookTools& tools, const Member& member);

/// Writes a key of the peer relation's application databag; leader only.
void write_shared(World& world, const charm::juju::HookTools& tools, const std::string& key,
                  const std::string& value);

}  // namespace postgresql
