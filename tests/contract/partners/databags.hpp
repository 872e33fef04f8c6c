// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace test {

/// A file of tests/data/interfaces.
[[nodiscard]] nlohmann::json sample(const std::string& name);

/// Relation 4 with the requirer of a sample as the remote side; each of `more` samples is another
/// unit of it.
[[nodiscard]] charm::Relation requirer(const std::string& endpoint, const std::string& name,
                                       const std::vector<std::string>& more = {});

}  // namespace test
