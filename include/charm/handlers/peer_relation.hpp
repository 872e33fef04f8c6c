// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/handlers/handler.hpp"

namespace charm {

/// The peer relation of this application: learns who the other units are, and tells them where the
/// admin key is.
class PeerRelation final : public RelationHandler {
 public:
  static constexpr const char* endpoint_name = "hockeypuck-peers";
  /// In the application's databag: the admin key's fingerprint, which saves every unit reading its
  /// secret in every hook.
  static constexpr const char* fingerprint_key = "admin-key-fingerprint";

  [[nodiscard]] std::string_view endpoint() const noexcept override;
  [[nodiscard]] WantedBags wants() const noexcept override;
  void learn(const Snapshot& snapshot, const Settings& settings, Facts& facts) const override;
  void publish(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
               Plan& plan) const override;
};

}  // namespace charm
