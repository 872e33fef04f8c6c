// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "rehearsal/keyserver/ip_address.hpp"

#include <cstdint>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearsal::keyserver {

/// A fault in hockeypuck.conf with which Hockeypuck ends at once with exit code 1.
class ConfigurationError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// A fault at which Hockeypuck panics: exit code 2.
class ConfigurationPanic : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// `[hockeypuck.conflux.recon.partner.NAME]`
struct Partner {
  std::string http_address = {};
  std::string recon_address = {};
  /// How often it is visited, as against the others. 0 is 100; negative: never.
  std::int64_t weight = 0;
  std::string web_address = {};
  std::string stats_path = {};
  /// Whether the statistics page hides its addresses.
  bool masked = false;
  bool operator==(const Partner&) const = default;
};

/// What this keyserver uses of hockeypuck.conf, with the defaults of Hockeypuck 2.3.
struct Configuration {
  std::string log_level = "INFO";
  std::string log_file = {};
  std::string hostname = {};
  std::string node_name = {};
  std::string contact = {};
  bool virtual_hosts = false;
  /// Lower-case, without "0x". An empty entry breaks every administrator's request, as it does
  /// in Hockeypuck.
  std::vector<std::string> admin_keys = {};
  std::string web_root = {};

  std::string bind_address = ":11371";
  std::string advertised_address = {};
  bool log_request_details = true;
  bool self_signed_only = false;
  bool keyword_search_disabled = false;

  std::int64_t max_key_length = 1'048'576;
  std::int64_t max_packet_length = 8'192;
  std::vector<std::string> blocked_keys = {};
  std::string armor_comment = {};
  std::string armor_version = {};
  std::string dsn = "database=hockeypuck host=/var/run/postgresql port=5432 sslmode=disable";
  std::int64_t query_limit = 100;

  /// "none": no listener.
  std::string recon_address = ":11370";
  /// Its port is where peers fetch keys.
  std::string recon_http_address = ":11371";
  std::string recon_version = "1.1.6";
  std::int64_t bit_quantum = 2;
  std::int64_t mbar = 5;
  /// Besides those of Hockeypuck 2.3.
  std::vector<std::string> recon_filters = {};
  std::vector<IpNetwork> allowed_networks = {};
  std::int64_t gossip_interval_seconds = 60;
  std::int64_t seen_cache_size = 256;
  /// When a partner counts as lost.
  std::int64_t recon_stale_seconds = 86'400;
  std::map<std::string, Partner> partners = {};
  std::filesystem::path tree_path = "recon.db";

  std::string metrics_address = ":9626";
  std::string metrics_path = "/metrics";
  bool operator==(const Configuration&) const = default;
};

/// Reads the text of a hockeypuck.conf. Keys match whatever their case, unknown ones are ignored,
/// a value of the wrong type throws ConfigurationError. Hockeypuck executes the file as a Go
/// template before it reads it; this keyserver does not, and refuses `{{` where one would begin.
Configuration read_configuration(const std::string& text);

}  // namespace rehearsal::keyserver
