// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <optional>
#include <string>

namespace rehearsal {

/// What a unit's agent does next, or nothing when it has nothing to do at this moment of the
/// model's clock. The order is that of Juju's resolvers (juju 3.6, worker/uniter); where Juju's own
/// order is left to chance the model's generator decides.
[[nodiscard]] std::optional<Event> next_event(Model& model, const std::string& unit);

/// The next relation hook, for a unit that has nothing more urgent.
[[nodiscard]] std::optional<Event> next_relation_event(Model& model, const Unit& unit);
/// relation-created of a relation the unit has not been told of.
[[nodiscard]] std::optional<Event> next_relation_created(Model& model, const Unit& unit);
/// secret-changed or secret-remove.
[[nodiscard]] std::optional<Event> next_secret_event(const Model& model, const Unit& unit);

/// The earliest time after now at which a timer of any unit rings: a retry, an update-status, a
/// rotation or expiry.
[[nodiscard]] std::optional<Millis> next_timer(const Model& model);

/// Fingerprint of what config-changed announces: effective config, trust and address.
[[nodiscard]] std::string config_fingerprint(const Model& model, const Unit& unit);

}  // namespace rehearsal
