// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "peer_report.hpp"

#include <nlohmann/json_fwd.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace charm::actions {

/// Everything of each peer as a JSON array.
[[nodiscard]] nlohmann::ordered_json peers_json(const std::vector<PeerReport>& peers);

/// One line for each peer with everything that fits one; a line that says so where there are none.
/// `left_out` is how many others there are.
[[nodiscard]] std::string peers_table(const std::vector<PeerReport>& peers, std::size_t left_out);

/// The same without what an overview can do without.
[[nodiscard]] std::string peers_overview(const std::vector<PeerReport>& peers,
                                         std::size_t left_out);

}  // namespace charm::actions
