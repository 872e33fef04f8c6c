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

/// A fault in hockeypuck.conf for which Hockeypuck ends with exit code 1.
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
  /// How often it is visited, relative to the others. 0 means 100; negative: never.
  std::int64_t weight = 0;
  /// Whether the statistics page hides its addresses.
  bool masked = false;
  bool operator==(const Partner&) const = default;
};

/// The keys of hockeypuck.conf that the charm writes, with the defaults of Hockeypuck 2.3.
struct Configuration {
  std::string log_level = "INFO";
  std::string log_file = {};
  std::string hostname = {};
  std::string node_name = {};
  std::string contact = {};
  /// Lower case, without "0x".
  std::vector<std::string> admin_keys = {};
  std::string web_root = {};

  std::string bind_address = ":11371";
  bool log_request_details = true;
  bool self_signed_only = false;
  bool keyword_search_disabled = false;

  std::int64_t max_key_length = 1'048'576;
  std::int64_t max_packet_length = 8'192;
  std::string dsn = "database=hockeypuck host=/var/run/postgresql port=5432 sslmode=disable";
  std::int64_t query_limit = 100;

  /// "none": no listener.
  std::string recon_address = ":11370";
  /// Peers fetch keys from the port of this address.
  std::string recon_http_address = ":11371";
  std::vector<IpNetwork> allowed_networks = {};
  std::int64_t gossip_interval_seconds = 60;
  std::int64_t seen_cache_size = 256;
  std::map<std::string, Partner> partners = {};
  std::filesystem::path tree_path = "recon.db";

  std::string metrics_address = ":9626";
  std::string metrics_path = "/metrics";
  bool operator==(const Configuration&) const = default;
};

/// Reads the text of a hockeypuck.conf. Throws ConfigurationError for a key that the charm does not
/// write, and for a value of the wrong type; the message names the key. Hockeypuck executes the
/// file as a Go template before it reads it. This keyserver does not, and refuses `{{`, which would
/// begin one.
Configuration read_configuration(const std::string& text);

/// Returns the `dsn` as a connection string of libpq. Hockeypuck's driver, lib/pq 1.10, requires
/// TLS by default. Throws ConfigurationError for a `sslmode` that lib/pq does not have.
std::string libpq_connection_string(const std::string& dsn);

}  // namespace rehearsal::keyserver
