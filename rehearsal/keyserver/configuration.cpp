// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/configuration.hpp"

#include "rehearsal/keyserver/octets.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <regex>
#include <sstream>

#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

/// Returns the values of a table below `[hockeypuck]`. Values that are never read are unknown keys.
class Table {
 public:
  Table(const toml::table& table, std::string path) : table_(table), path_(std::move(path)) {}

  void get(std::string_view key, std::string& value) { read(key, value); }

  void get(std::string_view key, std::int64_t& value) { read(key, value); }

  void get(std::string_view key, bool& value) { read(key, value); }

  void get(std::string_view key, std::vector<std::string>& value) {
    const toml::node* node = find(key);
    if (node == nullptr) {
      return;
    }
    value.clear();
    const toml::array* array = node->as_array();
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      if (const auto text = array->get(i)->value_exact<std::string>()) {
        value.push_back(*text);
      }
    }
    if (array == nullptr || value.size() != array->size()) {
      refuse(key, "must be a list of strings");
    }
  }

  /// Returns an empty table if there is none.
  Table table(std::string_view key) {
    static const toml::table none;
    const toml::node* node = find(key);
    if (node != nullptr && !node->is_table()) {
      refuse(key, "must be a table");
    }
    return {node == nullptr ? none : *node->as_table(), path_of(key)};
  }

  std::vector<std::string> keys() const {
    std::vector<std::string> keys;
    for (const auto& [key, node] : table_) {
      keys.emplace_back(key.str());
    }
    return keys;
  }

  void refuse_unknown_keys() const {
    for (const std::string& key : keys()) {
      if (std::ranges::find(known_, key) == known_.end()) {
        refuse(key, "is not supported by the rehearsal's keyserver");
      }
    }
  }

 private:
  template <typename Value>
  void read(std::string_view key, Value& value) {
    if (const toml::node* node = find(key)) {
      const auto exact = node->value_exact<Value>();
      if (!exact) {
        refuse(key, "has the wrong type");
      }
      value = *exact;
    }
  }

  const toml::node* find(std::string_view key) {
    known_.emplace_back(key);
    return table_.get(key);
  }

  std::string path_of(std::string_view key) const {
    return (path_.empty() ? "" : path_ + ".") + std::string(key);
  }

  [[noreturn]] void refuse(std::string_view key, const std::string& reason) const {
    throw ConfigurationError(path_of(key) + " " + reason);
  }

  const toml::table& table_;
  std::string path_;
  std::vector<std::string> known_;
};

std::string machine_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

/// Hockeypuck does not check, and panics if it uses an invalid network.
IpNetwork allowed_network(const std::string& cidr) {
  const std::optional<IpNetwork> network = parse_ip_network(cidr);
  if (!network) {
    throw ConfigurationPanic("panic: allowCIDRs: invalid CIDR address: " + cidr);
  }
  return *network;
}

std::string normalized_fingerprint(const std::string& fingerprint) {
  const std::string lower = lower_case(fingerprint);
  return lower.starts_with("0x") ? lower.substr(2) : lower;
}

/// The templates must exist, although this keyserver shows no pages.
void check_templates(Table& root) {
  for (const char* key : {"indexTemplate", "vindexTemplate", "statsTemplate"}) {
    std::string path;
    root.get(key, path);
    if (!path.empty() && !std::ifstream(path)) {
      throw ConfigurationError(std::string(key) + ": cannot open " + path);
    }
  }
}

void read_server(Table& root, Configuration& configuration) {
  root.get("loglevel", configuration.log_level);
  root.get("logfile", configuration.log_file);
  configuration.hostname = configuration.node_name = machine_name();
  root.get("hostname", configuration.hostname);
  root.get("nodename", configuration.node_name);
  root.get("contact", configuration.contact);
  root.get("adminKeys", configuration.admin_keys);
  std::ranges::transform(configuration.admin_keys, configuration.admin_keys.begin(),
                         normalized_fingerprint);
  check_templates(root);
  root.get("webroot", configuration.web_root);
  // Answers of this keyserver are never that long.
  std::int64_t max_response_length = 0;
  root.get("maxResponseLen", max_response_length);
}

void read_hkp(Table hkp, Configuration& configuration) {
  hkp.get("bind", configuration.bind_address);
  hkp.get("logRequestDetails", configuration.log_request_details);
  Table queries = hkp.table("queries");
  queries.get("selfSignedOnly", configuration.self_signed_only);
  queries.get("keywordSearchDisabled", configuration.keyword_search_disabled);
  queries.refuse_unknown_keys();
  hkp.refuse_unknown_keys();
}

void read_openpgp(Table openpgp, Configuration& configuration) {
  openpgp.get("maxKeyLength", configuration.max_key_length);
  openpgp.get("maxPacketLength", configuration.max_packet_length);
  Table database = openpgp.table("db");
  std::string driver = "postgres-jsonb";
  database.get("driver", driver);
  if (driver != "postgres-jsonb") {
    throw ConfigurationError("storage driver \"" + driver + "\" not supported");
  }
  database.get("dsn", configuration.dsn);
  database.get("requestQueryLimit", configuration.query_limit);
  database.refuse_unknown_keys();
  openpgp.refuse_unknown_keys();
}

void read_partners(Table partners, Configuration& configuration) {
  for (const std::string& name : partners.keys()) {
    Table table = partners.table(name);
    Partner& partner = configuration.partners[name];
    table.get("httpAddr", partner.http_address);
    table.get("reconAddr", partner.recon_address);
    table.get("weight", partner.weight);
    table.get("mask", partner.masked);
    table.refuse_unknown_keys();
  }
}

void read_recon(Table conflux, Configuration& configuration) {
  Table recon = conflux.table("recon");
  conflux.refuse_unknown_keys();
  recon.get("reconAddr", configuration.recon_address);
  recon.get("httpAddr", configuration.recon_http_address);
  recon.get("seenCacheSize", configuration.seen_cache_size);
  recon.get("gossipIntervalSecs", configuration.gossip_interval_seconds);
  if (configuration.gossip_interval_seconds < 0) {
    throw ConfigurationPanic("panic: gossipIntervalSecs is negative");
  }
  std::vector<std::string> cidrs;
  recon.get("allowCIDRs", cidrs);
  std::ranges::transform(cidrs, std::back_inserter(configuration.allowed_networks),
                         allowed_network);
  read_partners(recon.table("partner"), configuration);
  Table leveldb = recon.table("leveldb");
  std::string path = configuration.tree_path;
  leveldb.get("path", path);
  configuration.tree_path = path;
  leveldb.refuse_unknown_keys();
  recon.refuse_unknown_keys();
}

void read_metrics(Table metrics, Configuration& configuration) {
  metrics.get("metricsAddr", configuration.metrics_address);
  metrics.get("metricsPath", configuration.metrics_path);
  if (!configuration.metrics_path.starts_with('/')) {
    throw ConfigurationPanic("panic: metricsPath must begin with a slash");
  }
  metrics.refuse_unknown_keys();
}

toml::table parse(const std::string& text) {
  try {
    return toml::parse(text);
  } catch (const toml::parse_error& error) {
    std::ostringstream message;
    message << "toml: line " << error.source().begin.line << ": " << error.description();
    throw ConfigurationError(message.str());
  }
}

}  // namespace

Configuration read_configuration(const std::string& text) {
  if (text.find("{{") != std::string::npos) {
    throw ConfigurationError("template: config: \"{{\" begins an action; write \\u007B");
  }
  const toml::table file = parse(text);
  Table root = Table(file, "").table("hockeypuck");
  Configuration configuration;
  read_server(root, configuration);
  read_hkp(root.table("hkp"), configuration);
  read_openpgp(root.table("openpgp"), configuration);
  read_recon(root.table("conflux"), configuration);
  read_metrics(root.table("metrics"), configuration);
  root.refuse_unknown_keys();
  return configuration;
}

std::string libpq_connection_string(const std::string& dsn) {
  static const std::regex unknown_mode(R"((^|\s)sslmode\s*=\s*'?(prefer|allow))");
  if (std::regex_search(dsn, unknown_mode)) {
    throw ConfigurationError(
        "dsn: unsupported sslmode; only \"require\", \"verify-full\", \"verify-ca\" and "
        "\"disable\" "
        "are supported");
  }
  // libpq uses the last value of a repeated keyword. It fails if it may not look for a client
  // certificate below $HOME. Under Pebble that is root's home.
  return "sslmode=require sslcert=/dev/null/none gssencmode=disable " + dsn;
}

}  // namespace rehearsal::keyserver
