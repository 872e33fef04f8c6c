// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"

namespace charm::keyserver {

/// Asks the keyserver on this pod's loopback for a key that cannot exist. Hockeypuck answers 404
/// when its database was asked, 500 when the database failed; its own health page answers 200 in
/// both cases. Waits at most two seconds. Does not throw.
[[nodiscard]] KeyserverHealth look(int hkp_port);

}  // namespace charm::keyserver
