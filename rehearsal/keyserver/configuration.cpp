// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "rehearsal/keyserver/configuration.hpp"

#include "rehearsal/keyserver/configuration_keys.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <optional>
#include <sstream>

#include <unistd.h>

namespace rehearsal::keyserver {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::ranges::transform(result, result.begin(), [](unsigned char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a')
                                          : static_cast<char>(letter);
  });
  return result;
}

std::vector<std::string> strings_of(const toml::node& node) {
  std::vector<std::string> result;
  for (const toml::node& entry : *node.as_array()) {
    result.push_back(entry.value_or(std::string()));
  }
  return result;
}

bool has_type(const toml::node& node, ValueType type) {
  switch (type) {
    case ValueType::string:
      return node.is_string();
    case ValueType::integer:
      return node.is_integer();
    case ValueType::boolean:
      return node.is_boolean();
    case ValueType::table:
      return node.is_table();
    case ValueType::strings:
      return node.is_array() && std::ranges::all_of(*node.as_array(), [](const toml::node& entry) {
               return entry.is_string();
             });
  }
  return false;
}

/// The values of a file by their path in lower case. Every known key has its right type.
class Values {
 public:
  explicit Values(const toml::table& table) { add(table, "", ""); }

  void get(std::string_view path, std::string& value) const {
    if (const toml::node* node = find(path)) {
      value = node->value_or(std::string());
    }
  }

  void get(std::string_view path, std::int64_t& value) const {
    if (const toml::node* node = find(path)) {
      value = node->value_or(std::int64_t{0});
    }
  }

  void get(std::string_view path, bool& value) const {
    if (const toml::node* node = find(path)) {
      value = node->value_or(false);
    }
  }

  void get(std::string_view path, std::vector<std::string>& value) const {
    if (const toml::node* node = find(path)) {
      value = strings_of(*node);
    }
  }

  bool has(std::string_view path) const { return find(path) != nullptr; }

  const std::vector<std::string>& partners() const { return partners_; }

 private:
  /// `kind` is the path with a partner's name replaced: keys are known by it.
  void add(const toml::table& table, const std::string& path, const std::string& kind) {
    for (const auto& [key, node] : table) {
      const std::string name = lower(key.str());
      const bool is_partner = kind == "conflux.recon.partner.";
      if (is_partner) {
        partners_.emplace_back(key.str());
      }
      const std::string own_path = path + name;
      const std::string own_kind = kind + (is_partner ? "*" : name);
      const auto* known = std::ranges::find(configuration_keys, std::string_view(own_kind),
                                            &ConfigurationKey::path);
      if (known == configuration_keys.end()) {
        continue;
      }
      if (!has_type(node, known->type)) {
        throw ConfigurationError("toml: line " + std::to_string(node.source().begin.line) +
                                 " (last key \"hockeypuck." + own_path + "\"): incompatible type");
      }
      values_[own_path] = &node;
      if (const toml::table* inner = node.as_table()) {
        add(*inner, own_path + ".", own_kind + ".");
      }
    }
  }

  const toml::node* find(std::string_view path) const {
    const auto found = values_.find(std::string(path));
    return found == values_.end() ? nullptr : found->second;
  }

  std::map<std::string, const toml::node*> values_;
  std::vector<std::string> partners_;
};

std::string machine_name() {
  std::array<char, 256> name{};
  return gethostname(name.data(), name.size() - 1) == 0 ? name.data() : "localhost";
}

/// Hockeypuck does not check, and trips over what it could not parse.
IpNetwork allowed_network(const std::string& cidr) {
  const std::optional<IpNetwork> network = parse_ip_network(cidr);
  if (!network) {
    throw ConfigurationPanic("panic: allowCIDRs: invalid CIDR address: " + cidr);
  }
  return *network;
}

void check_unused(const Values& values) {
  for (const char* key : {"indextemplate", "vindextemplate", "statstemplate"}) {
    std::string path;
    values.get(key, path);
    if (!path.empty() && !std::ifstream(path)) {
      throw ConfigurationError(std::string(key) + ": cannot open " + path);
    }
  }
  std::string driver = "postgres-jsonb";
  values.get("openpgp.db.driver", driver);
  if (driver != "postgres-jsonb") {
    throw ConfigurationError("storage driver \"" + driver + "\" not supported");
  }
  if (values.has("hkps")) {
    throw ConfigurationError("[hockeypuck.hkps] is not supported by this keyserver");
  }
}

void normalize_fingerprint(std::string& fingerprint) {
  fingerprint = lower(fingerprint);
  if (fingerprint.starts_with("0x")) {
    fingerprint.erase(0, 2);
  }
}

void read_web(const Values& values, Configuration& configuration) {
  values.get("hostname", configuration.hostname);
  values.get("nodename", configuration.node_name);
  values.get("contact", configuration.contact);
  values.get("enablevhosts", configuration.virtual_hosts);
  values.get("adminkeys", configuration.admin_keys);
  std::ranges::for_each(configuration.admin_keys, normalize_fingerprint);
  values.get("webroot", configuration.web_root);
  values.get("hkp.bind", configuration.bind_address);
  values.get("hkp.advertisedbind", configuration.advertised_address);
  values.get("hkp.logrequestdetails", configuration.log_request_details);
  values.get("hkp.queries.selfsignedonly", configuration.self_signed_only);
  values.get("hkp.queries.keywordsearchdisabled", configuration.keyword_search_disabled);
}

void read_storage(const Values& values, Configuration& configuration) {
  values.get("openpgp.maxkeylength", configuration.max_key_length);
  values.get("openpgp.maxpacketlength", configuration.max_packet_length);
  values.get("openpgp.blacklist", configuration.blocked_keys);
  std::ranges::transform(configuration.blocked_keys, configuration.blocked_keys.begin(), lower);
  values.get("openpgp.headers.comment", configuration.armor_comment);
  values.get("openpgp.headers.version", configuration.armor_version);
  values.get("openpgp.db.dsn", configuration.dsn);
  values.get("openpgp.db.requestquerylimit", configuration.query_limit);
}

void read_partners(const Values& values, Configuration& configuration) {
  for (const std::string& name : values.partners()) {
    const std::string path = "conflux.recon.partner." + lower(name);
    Partner& partner = configuration.partners[name];
    values.get(path + ".httpaddr", partner.http_address);
    values.get(path + ".reconaddr", partner.recon_address);
    values.get(path + ".weight", partner.weight);
    values.get(path + ".webaddr", partner.web_address);
    values.get(path + ".statspath", partner.stats_path);
    values.get(path + ".mask", partner.masked);
  }
}

void read_recon(const Values& values, Configuration& configuration) {
  values.get("reconstalesecs", configuration.recon_stale_seconds);
  values.get("conflux.recon.reconaddr", configuration.recon_address);
  values.get("conflux.recon.httpaddr", configuration.recon_http_address);
  values.get("conflux.recon.version", configuration.recon_version);
  values.get("conflux.recon.bitquantum", configuration.bit_quantum);
  values.get("conflux.recon.mbar", configuration.mbar);
  values.get("conflux.recon.filters", configuration.recon_filters);
  values.get("conflux.recon.seencachesize", configuration.seen_cache_size);
  values.get("conflux.recon.gossipintervalsecs", configuration.gossip_interval_seconds);
  if (configuration.gossip_interval_seconds < 0) {
    throw ConfigurationPanic("panic: gossipIntervalSecs is negative");
  }
  std::vector<std::string> cidrs;
  values.get("conflux.recon.allowcidrs", cidrs);
  std::ranges::transform(cidrs, std::back_inserter(configuration.allowed_networks),
                         allowed_network);
  read_partners(values, configuration);
  std::string path = configuration.tree_path;
  values.get("conflux.recon.leveldb.path", path);
  configuration.tree_path = path;
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
  const toml::table none;
  const toml::table* section = &none;
  for (const auto& [key, node] : file) {
    if (lower(key.str()) == "hockeypuck" && node.is_table()) {
      section = node.as_table();
    }
  }
  const Values values(*section);
  Configuration configuration;
  configuration.hostname = configuration.node_name = machine_name();
  values.get("loglevel", configuration.log_level);
  values.get("logfile", configuration.log_file);
  read_web(values, configuration);
  read_storage(values, configuration);
  read_recon(values, configuration);
  values.get("metrics.metricsaddr", configuration.metrics_address);
  values.get("metrics.metricspath", configuration.metrics_path);
  check_unused(values);
  if (!configuration.metrics_path.starts_with('/')) {
    throw ConfigurationPanic("panic: metricsPath must begin with a slash");
  }
  return configuration;
}

}  // namespace rehearsal::keyserver
