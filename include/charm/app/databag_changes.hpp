// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

namespace charm {

/// Returns what relation-set must be told to turn `current`, read or remembered, into `wanted`;
/// empty values delete. The keys that Juju writes itself are left alone.
[[nodiscard]] Databag databag_changes(const Databag& current, const Databag& wanted);

}  // namespace charm
