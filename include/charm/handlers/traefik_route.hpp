// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

namespace charm {

/// The requirer of `traefik_route`: raw Traefik configuration, because the recon protocol is plain
/// TCP and `ingress` carries HTTP only.
class TraefikRoute final : public RelationHandler {
 public:
  [[nodiscard]] std::string_view endpoint() const noexcept override;
  [[nodiscard]] WantedBags wants() const noexcept override;
  void publish(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
               Plan& plan) const override;
};

}  // namespace charm
