// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/plan.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/step.hpp"

#include <optional>

/// The admin key: the key that signs the charm's requests to the keyserver. Made by the leader or
/// brought by an operator, kept in a secret of the application, replaced and revoked. Pure.
namespace charm::admin_key {

/// In the secret that an operator brings, and in ours.
inline constexpr const char* content_key = "private-key";

/// The keys as the application's other units know them, and as this dispatch has changed them.
struct State {
  AdminKeys keys;  ///< Without a peer relation there are none.
  /// Must be used instead of the one in use, once the keyserver takes requests of it.
  std::optional<NextAdminKey> next;
  /// Let go in this dispatch. Juju has not kept that yet, so the keyserver still takes them.
  std::vector<RetiredAdminKey> let_go;
  std::optional<Status> refusal;  ///< Why what an operator brought is no admin key.
};

[[nodiscard]] State state_of(const Snapshot& snapshot);

/// The leader gives Juju the admin key as a secret of the application where there is none yet: the
/// key that an operator brought, else one that the charm makes. It also makes one when an
/// operator's key is in use that the option does not bring any more. Where the other units cannot
/// be told of it yet (there is no peer relation), there is nothing to do.
///
/// Then it tells the units of a key that this dispatch has put in use, and forgets the old one.
[[nodiscard]] Decision appoint(const Plan& plan, const Snapshot& snapshot);

/// Goes on with a keyserver that serves and has the planned configuration.
///
/// Hockeypuck verifies our requests with the key that it has itself: uploads the one in use where
/// it is missing. The next key takes its place once the keyserver takes requests of it; that only
/// writes to Juju. Keys that were retired by an earlier dispatch are revoked, or dropped, once the
/// one in use works: revoking cannot be undone, so it waits until Juju has kept what came before.
[[nodiscard]] Decision settle(const Plan& plan, const Snapshot& snapshot);

}  // namespace charm::admin_key
