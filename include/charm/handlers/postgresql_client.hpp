// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

namespace charm {

/// The requirer of `postgresql_client` in its version 0, which both the v0 and the v1 library of
/// data-platform-libs answer. Learns one Database for each endpoint of the first relation that is
/// complete; adds a status while there is none.
class PostgresqlClient final : public RelationHandler {
 public:
  [[nodiscard]] std::string_view endpoint() const noexcept override;
  [[nodiscard]] WantedBags wants(const Occasion& occasion) const override;
  [[nodiscard]] bool needs_remote_units(const Relation& relation) const override;
  void learn(const Snapshot& snapshot, const Settings& settings, Facts& facts) const override;
  void publish(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
               Plan& plan) const override;
};

}  // namespace charm
