// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <string>
#include <vector>

namespace rehearsal {

/// The end of a relation that an application holds, or null.
[[nodiscard]] const RelationEnd* end_of(const Relation& relation, const std::string& app);
/// The application on the other side; itself for peers.
[[nodiscard]] std::string remote_app(const Relation& relation, const std::string& app);
[[nodiscard]] bool is_peer(const Relation& relation);
/// Ids of the relations an application takes part in, in order.
[[nodiscard]] std::vector<int> relations_of(const Model& model, const std::string& app);
/// The units this unit sees in a relation now, without itself, by number.
[[nodiscard]] std::vector<std::string> remote_units(const Relation& relation,
                                                    const std::string& unit);

/// What the two arguments of `integrate` (`app` or `app:endpoint`) mean. Throws UserError, with the
/// candidates listed when there is more than one way.
[[nodiscard]] std::vector<RelationEnd> resolve_endpoints(const Model& model,
                                                         const std::string& first,
                                                         const std::string& other);
/// The relation between two such arguments. Throws UserError when there is none.
[[nodiscard]] int find_relation(const Model& model, const std::string& first,
                                const std::string& other);

/// Adds a relation and returns its id. Throws UserError if it exists or a limit is reached.
int add_relation(Model& model, const std::vector<RelationEnd>& ends);

/// Lets a unit take part in each living relation of its application, as its agent does when it
/// sees one: from then on remote units are told of it.
void enter_scopes(Model& model, const std::string& unit);

/// Writes into a bag; true (and a new version) only if something really changed. An empty value
/// deletes the key.
bool write_unit_bag(Relation& relation, const std::string& unit, const Bag& changes);
bool write_app_bag(Relation& relation, const std::string& app, const Bag& changes);

/// `db:3`
[[nodiscard]] std::string relation_key(const Relation& relation, const std::string& app);

}  // namespace rehearsal
