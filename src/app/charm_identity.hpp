// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"

#include <filesystem>

namespace charm {

/// Reads what lies beside the charm: Juju's agent leaves the charm's URL in `.juju-charm`
/// (Juju 3.6, worker/uniter/charm), packing leaves `version`.
[[nodiscard]] actions::CharmIdentity charm_identity(const std::filesystem::path& charm_directory);

}  // namespace charm
