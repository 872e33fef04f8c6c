// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

namespace charm {

/// The provider of `prometheus_scrape`: where to scrape and what to alert on. Learns what
/// Prometheus found wrong with that, as warnings.
class PrometheusScrape final : public RelationHandler {
 public:
  [[nodiscard]] std::string_view endpoint() const noexcept override;
  [[nodiscard]] WantedBags wants(const Occasion& occasion) const override;
  void learn(const Snapshot& snapshot, const Settings& settings, Facts& facts) const override;
  void publish(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
               Plan& plan) const override;
};

}  // namespace charm
