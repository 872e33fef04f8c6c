// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/configuration.hpp"
#include "rehearsal/keyserver/partners.hpp"

#include <cstddef>
#include <map>
#include <string>

namespace rehearsal::keyserver {

/// The name of this keyserver, and the version of the Hockeypuck whose answers it gives.
inline constexpr const char* software_name = "Rehearsal-Hockeypuck";
inline constexpr const char* software_version = "2.3.3";

/// The JSON text of `/pks/stats`, without counts by hour and day. `total` is the size of the prefix
/// tree.
std::string statistics_text(const Configuration& configuration,
                            const std::map<std::string, PartnerState>& partners, std::size_t total);

}  // namespace rehearsal::keyserver
