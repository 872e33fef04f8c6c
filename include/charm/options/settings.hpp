// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "charm/domain/snapshot.hpp"
#include "charm/domain/status.hpp"
#include "charm/domain/upload_policy.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace charm {

/// A keyserver to reconcile with: one line of the option `external-peers`.
struct ExternalPeer {
  std::string host;  ///< Name or address; IPv6 without brackets.
  std::uint16_t http_port = 11371;
  std::uint16_t recon_port = 11370;
  std::vector<std::string> source_cidrs;  ///< Other addresses from which it may dial in.

  bool operator==(const ExternalPeer&) const = default;
};

/// The program that forwards the keyserver's log to Loki: the option `log-forwarder`.
enum class LogForwarder { pebble, promtail };

/// What the published route allows one client of HKP. 0 means no limit.
struct EdgeLimits {
  std::int64_t lookup_rate = 100;     ///< Lookups in a second.
  std::int64_t upload_rate = 10;      ///< Uploads in a second.
  std::int64_t client_requests = 50;  ///< Requests in progress.
  bool admin_requests = false;        ///< Whether administrators may send requests from outside.
  std::vector<std::string> trusted_proxies;  ///< Networks of the proxies in front of Traefik.

  bool operator==(const EdgeLimits&) const = default;
};

/// The options of config.yaml, validated and typed. Defaults are those of config.yaml.
struct Settings {
  bool right = true;  ///< False if an option is wrong: what clients use then stays as it is.
  std::vector<ExternalPeer> external_peers;
  std::string contact_fingerprint;      ///< 40 or 64 lower-case hex digits, or empty.
  std::vector<std::string> admin_keys;  ///< Full fingerprints, lower-case, without duplicates.
  std::string log_level = "info";
  /// Absent if the option is wrong: log forwarding then stays as it is.
  std::optional<LogForwarder> log_forwarder = LogForwarder::pebble;
  std::string database_name;  ///< Empty: the application's name.
  std::string hostname;       ///< Empty: the host of the ingress or Traefik, else our own.
  std::int64_t max_key_length = 1048576;         ///< Bytes.
  std::int64_t max_packet_length = 8192;         ///< Bytes.
  std::int64_t max_response_length = 268435456;  ///< Bytes; 0 means no limit.
  std::int64_t query_limit = 100;                ///< Results of one search.
  bool self_signed_only = false;
  bool keyword_search = true;
  bool log_request_details = false;
  std::vector<std::string> recon_allowed_cidrs;
  std::int64_t recon_interval = 60;  ///< Seconds between two gossip rounds.
  Uploads uploads = Uploads::all;

  EdgeLimits edge;

  /// Whether any keyserver may reconcile with this one.
  [[nodiscard]] bool reconciles() const {
    return !external_peers.empty() || !recon_allowed_cidrs.empty();
  }

  bool operator==(const Settings&) const = default;
};

/// The option `admin-key-secret`: the URI of a secret, or an empty text. The code that reads the
/// secret checks it.
[[nodiscard]] std::string admin_key_secret(const std::map<std::string, ConfigValue>& config);

/// Reads the options. A wrong value leaves the default in place and adds one blocked status. The
/// status names the option, the value and the fault.
[[nodiscard]] Settings read_settings(const std::map<std::string, ConfigValue>& config,
                                     std::vector<Status>& statuses);

}  // namespace charm
