// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/facts.hpp"
#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/options/settings.hpp"

#include <vector>

namespace charm::cos {

/// Tells whether promtail is to forward the logs: the option asks for it, or Pebble cannot.
[[nodiscard]] bool wants_promtail(const Snapshot& snapshot, const Settings& settings);

/// Takes the first usable `promtail_binary_zip_url` (loki_push_api v1, `{arch: {url, zipsha,
/// binsha, filename}}`) for the machine's architecture. The file name in it is not looked at. None
/// at all is a status.
void learn_promtail(const std::vector<const Relation*>& relations, Facts& facts);

/// Returns promtail 2.9 as it must run to push the keyserver's log file to these endpoints, of
/// which there is at least one.
[[nodiscard]] PromtailPlan plan_promtail(const Unit& unit, const PromtailOffer& offer,
                                         const std::vector<LokiEndpoint>& endpoints);

}  // namespace charm::cos
