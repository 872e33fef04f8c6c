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

/// One Loki unit that accepts our logs.
struct LokiEndpoint {
  std::string unit;  ///< `loki/0`
  std::string url;

  bool operator==(const LokiEndpoint&) const = default;
};

/// The data that the remote sides published, as typed values. Empty means "not published yet".
struct Facts {
  /// The same database at each published endpoint, in the provider's order; one is writable.
  std::vector<Database> databases;
  /// The URL at which clients reach us, from the `ingress` relation, else from `traefik-route`.
  std::optional<Url> external_url;
  std::vector<LokiEndpoint> loki;  ///< Without duplicate URLs.
  /// The program that a Loki offers, without target and receipt. Set exactly if promtail forwards
  /// the keyserver's log.
  std::optional<Download> promtail;
  std::vector<std::string> peer_units;  ///< The other units of this application, sorted.
  /// Names of the pods through which other keyservers open reconciliations, sorted.
  std::vector<std::string> recon_proxies;
  Certificates certificates;  ///< Trusted in addition to the system's certificates.
  AdminKeys admin_keys;
  std::optional<NextAdminKey> next_admin_key;
  std::vector<Status> statuses;       ///< Why something is missing, in order of discovery.
  std::vector<std::string> warnings;  ///< For the log; each names the relation and the key.

  bool operator==(const Facts&) const = default;
};

}  // namespace charm
