// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/address.hpp"
#include "charm/domain/certificates.hpp"
#include "charm/domain/database.hpp"
#include "charm/domain/layer.hpp"
#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"

#include <optional>
#include <string>
#include <vector>

namespace charm {

/// One Loki unit that takes our logs.
struct LokiEndpoint {
  std::string unit;  ///< `loki/0`
  std::string url;

  bool operator==(const LokiEndpoint&) const = default;
};

/// What the remote sides told us, in our words. Empty means "not told yet".
struct Facts {
  /// The same database at each published endpoint, in the provider's order; one is writable.
  std::vector<Database> databases;
  /// Where the world reaches us, from the `ingress` relation, else from `traefik-route`.
  std::optional<Url> external_url;
  std::vector<LokiEndpoint> loki;  ///< Each URL once.
  /// The program as a Loki offers it, without target and receipt. Set exactly when the keyserver's
  /// log is promtail's.
  std::optional<Download> promtail;
  std::vector<std::string> peer_units;  ///< The other units of this application, sorted.
  /// Names of the pods through which other keyservers open reconciliations, sorted.
  std::vector<std::string> recon_proxies;
  Certificates certificates;  ///< To be trusted, besides those of the system.
  AdminKeys admin_keys;
  std::optional<NextAdminKey> next_admin_key;
  std::vector<Status> statuses;       ///< Why something is still missing, in order of finding.
  std::vector<std::string> warnings;  ///< For the log: each names relation and key.

  bool operator==(const Facts&) const = default;
};

}  // namespace charm
