// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/model/model.hpp"

#include <optional>
#include <string>

namespace rehearsal {

/// The 20-character id in any form a secret is named by: `secret:<id>`, `secret://<model>/<id>` or
/// the bare id. Nothing when it is none of these.
[[nodiscard]] std::optional<std::string> secret_id_of(const std::string& uri);

/// A new id, made from the model's counter and generator.
[[nodiscard]] std::string new_secret_id(Model& model);

/// The unit itself or its application owns the secret.
[[nodiscard]] bool owns(const Secret& secret, const std::string& unit);
/// It may also change it: of its application's only the leader may.
[[nodiscard]] bool manages(const Model& model, const Secret& secret, const std::string& unit);
/// Owner or granted, in a relation that still is.
[[nodiscard]] bool can_read(const Model& model, const Secret& secret, const std::string& unit);

/// Nobody tracks the revision and there is a newer one.
[[nodiscard]] bool is_obsolete(const Secret& secret, int revision);

}  // namespace rehearsal
