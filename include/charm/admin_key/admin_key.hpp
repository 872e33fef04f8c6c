// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

#include <optional>

/// The admin key signs the charm's requests to the keyserver. The leader makes it, or an operator
/// supplies it. A secret of the application stores it until it is replaced and revoked. Pure.
namespace charm::admin_key {

/// The field of the secret that holds the key, in an operator's secret and in the charm's own.
inline constexpr const char* content_key = "private-key";

/// The keys that the application's other units know, with the changes of this dispatch.
struct State {
  AdminKeys keys;  ///< Empty without a peer relation.
  /// Replaces the current key once the keyserver accepts its requests.
  std::optional<NextAdminKey> next;
  /// Keys that this dispatch dropped. Juju has not stored that yet, so the keyserver still accepts
  /// their requests.
  std::vector<RetiredAdminKey> dropped;
  std::optional<Status> refusal;  ///< The reason why the operator's key cannot be the admin key.
};

[[nodiscard]] State state_of(const Snapshot& snapshot);

/// The leader stores the admin key in Juju as a secret of the application if there is none yet. It
/// uses the operator's key, or else makes one. It also makes one if the current key is an
/// operator's and the option no longer supplies it. Without a peer relation the other units cannot
/// learn of the key, so there is no step.
///
/// Then the leader publishes a key that this dispatch has put into use, and forgets the old one.
[[nodiscard]] Decision appoint(const Plan& plan, const Snapshot& snapshot);

/// The next step for the admin key while the keyserver serves with the planned configuration.
///
/// Hockeypuck verifies the charm's requests with its own copy of the key, so a missing key is
/// uploaded. The next key replaces the current one once the keyserver accepts its requests. That
/// change writes to Juju only. Keys that an earlier dispatch retired are revoked or dropped once
/// the current one works. Revoking cannot be undone, so it waits until Juju has stored the earlier
/// changes.
[[nodiscard]] Decision settle(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm::admin_key
