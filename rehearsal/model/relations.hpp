// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <string>
#include <vector>

namespace rehearsal {

/// Returns an application's end of a relation, or null.
[[nodiscard]] const RelationEnd* end_of(const Relation& relation, const std::string& app);
/// Returns the application on the other side; for peers the application itself.
[[nodiscard]] std::string remote_app(const Relation& relation, const std::string& app);
[[nodiscard]] bool is_peer(const Relation& relation);
/// Returns the IDs of an application's relations, in order.
[[nodiscard]] std::vector<int> relations_of(const Model& model, const std::string& app);
/// Returns the units that this unit currently sees in a relation, without itself, ordered by
/// number.
[[nodiscard]] std::vector<std::string> remote_units(const Relation& relation,
                                                    const std::string& unit);

/// Resolves the two arguments of `integrate` (`app` or `app:endpoint`). Throws UserError, which
/// lists the candidates if there are several.
[[nodiscard]] std::vector<RelationEnd> resolve_endpoints(const Model& model,
                                                         const std::string& first,
                                                         const std::string& other);
/// Returns the relation between two such arguments. Throws UserError if there is none.
[[nodiscard]] int find_relation(const Model& model, const std::string& first,
                                const std::string& other);

/// Adds a relation and returns its ID. Throws UserError if it exists or a limit is reached.
int add_relation(Model& model, const std::vector<RelationEnd>& ends);

/// Makes a unit take part in each living relation of its application, as its agent does when it
/// sees one. From then on remote units get events about it.
void enter_scopes(Model& model, const std::string& unit);

/// Writes to a databag. Returns true, and makes a new version, only if something really changed. An
/// empty value deletes the key.
bool write_unit_bag(Relation& relation, const std::string& unit, const Bag& changes);
bool write_app_bag(Relation& relation, const std::string& app, const Bag& changes);

/// `db:3`
[[nodiscard]] std::string relation_key(const Relation& relation, const std::string& app);

}  // namespace rehearsal
