// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <optional>
#include <string>

namespace rehearsal {

/// Returns the next event of a unit's agent, or nothing if none is due at this time of the model's
/// clock. The order is that of Juju's resolvers (juju 3.6, worker/uniter). Where Juju's order is
/// random, the model's generator decides.
[[nodiscard]] std::optional<Event> next_event(Model& model, const std::string& unit);

/// Returns the next relation hook, for a unit without a more urgent event.
[[nodiscard]] std::optional<Event> next_relation_event(Model& model, const Unit& unit);
/// Returns a relation-created that the unit has not had yet.
[[nodiscard]] std::optional<Event> next_relation_created(Model& model, const Unit& unit);
/// secret-changed or secret-remove.
[[nodiscard]] std::optional<Event> next_secret_event(const Model& model, const Unit& unit);

/// Returns the time of the next timer of any unit: a retry, an update-status, a rotation or expiry.
[[nodiscard]] std::optional<Millis> next_timer(const Model& model);

/// Returns a fingerprint of the data that config-changed announces: effective config, trust and
/// address.
[[nodiscard]] std::string config_fingerprint(const Model& model, const Unit& unit);

}  // namespace rehearsal
