// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace charm::databag {

/// Returns the stable name inside the cluster of the pod of any unit of this model, as Juju's
/// headless service for the application gives it: `keys-0.keys-endpoints.<model>.svc.cluster.local`
/// for `keys/0`.
[[nodiscard]] std::string pod_name(std::string_view unit, std::string_view model);

}  // namespace charm::databag
