// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

#include <string>

namespace charm::keyserver {

/// Asks the keyserver on this pod's loopback for a key that cannot exist. Hockeypuck answers 404
/// when its database was asked, 500 when the database failed; its own health page answers 200 in
/// both cases. Waits at most two seconds. Does not throw.
[[nodiscard]] KeyserverHealth look(int hkp_port);

/// Returns the version that the keyserver on this pod's loopback says it is, from its statistics
/// page, or an empty string while it does not answer within two seconds. Does not throw.
[[nodiscard]] std::string version(int hkp_port);

}  // namespace charm::keyserver
