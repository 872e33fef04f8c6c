// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

namespace charm {

/// The requirer of `loki_push_api`: learns where Pebble forwards our logs to, and gives Loki the
/// rules of `src/cos/loki_alert_rules`.
class LokiPushApi final : public RelationHandler {
 public:
  [[nodiscard]] std::string_view endpoint() const noexcept override;
  [[nodiscard]] WantedBags wants(const Occasion& occasion) const override;
  void learn(const Snapshot& snapshot, const Settings& settings, Facts& facts) const override;
  void publish(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
               Plan& plan) const override;
};

}  // namespace charm
