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

  /// The admin keys as the application's databag holds them. The fingerprint saves every unit
  /// reading the secret in every hook; nothing in the bag is secret.
  [[nodiscard]] static AdminKeys admin_keys(const Databag& bag);
  [[nodiscard]] static Databag bag_of(const AdminKeys& keys, const Unit& publisher);

  /// Returns the unit that last published the application's databags, on all relations, as the peer
  /// relation's own databag tells; empty when it tells of none.
  [[nodiscard]] static std::string publisher(const Snapshot& snapshot);

  [[nodiscard]] std::string_view endpoint() const noexcept override;
  [[nodiscard]] WantedBags wants(const Occasion& occasion) const override;
  void learn(const Snapshot& snapshot, const Settings& settings, Facts& facts) const override;
  void publish(const Snapshot& snapshot, const Settings& settings, const Facts& facts,
               Plan& plan) const override;
};

}  // namespace charm
