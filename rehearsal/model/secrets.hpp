// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace rehearsal {

/// Reads the 20-character ID in any form that names a secret: `secret:<id>`,
/// `secret://<model>/<id>` or the bare ID. Returns nothing for any other text.
[[nodiscard]] std::optional<std::string> secret_id_of(const std::string& uri);

/// Makes a new ID, with 100 random bits.
[[nodiscard]] std::string new_secret_id(std::uint64_t& random);

/// Whether the unit itself or its application owns the secret.
[[nodiscard]] bool owns(const Secret& secret, const std::string& unit);
/// Whether the unit may also change it. Only the leader may change its application's secrets.
[[nodiscard]] bool manages(const Model& model, const Secret& secret, const std::string& unit);
/// Whether the unit is the owner or has a grant in an existing relation.
[[nodiscard]] bool can_read(const Model& model, const Secret& secret, const std::string& unit);

/// Whether no unit tracks the revision and there is a newer one.
[[nodiscard]] bool is_obsolete(const Secret& secret, int revision);

}  // namespace rehearsal
