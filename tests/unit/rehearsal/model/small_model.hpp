// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <string>

namespace rehearsal::test {

/// A model with `hk` (requires db, has peers, one container, one volume) and `pg` (provides db),
/// one unit each, pods made, not integrated.
[[nodiscard]] Model small_model(std::uint64_t seed = 1);
/// Integrates `hk:db` with `pg:db`; returns the relation's id.
int integrate(Model& model);
/// Takes every event that is due until none is left, without running anything. Returns for example
/// `hk/0 install` and `pg/0 db-relation-joined hk/0`.
std::vector<std::string> take_all(Model& model);
/// A secret of `pg` with one revision, granted over the relation.
std::string add_secret(Model& model, int relation);

}  // namespace rehearsal::test
