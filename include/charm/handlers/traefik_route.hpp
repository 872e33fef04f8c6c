// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

namespace charm {

/// The requirer of `traefik_route`: raw Traefik configuration. It brings HKP to its own port at the
/// proxy, where clients expect it, and the recon protocol, which is plain TCP; `ingress` carries
/// only HTTP, under a path. Learns the proxy's host and the pods it forwards from.
class TraefikRoute final : public RelationHandler {
 public:
  [[nodiscard]] std::string_view endpoint() const noexcept override;
  [[nodiscard]] WantedBags wants(const Occasion& occasion) const override;
  void learn(const Snapshot& snapshot, const Settings& settings, Facts& facts) const override;
  void publish(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
               Plan& plan) const override;
};

}  // namespace charm
