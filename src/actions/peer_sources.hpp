// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/actions/action.hpp"
#include "peer_report.hpp"

namespace charm::actions {

/// Asks the keyserver of this unit for all that report_peers() needs.
[[nodiscard]] PeerSources peer_sources(const ActionContext& context);

}  // namespace charm::actions
