// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "prometheus_scrape.hpp"

#include "charm/domain/error.hpp"
#include "rehearsal/charms/partner/partner.hpp"
#include "rehearsal/charms/partner/topology.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace prometheus {
namespace {

using charm::Databag;
using charm::Relation;
using nlohmann::json;
using rehearsal::partner::Topology;
using rehearsal::partner::value_of;
using Jobs = std::vector<json>;

/// The scrape address of one unit.
struct Host {
  std::string unit;
  std::string address;
  std::string path;  ///< Prefix of the metrics' path.
  std::string fqdn;
};

/// Splits jobs into one for each unit: for its part of a target `*:<port>`, and for targets that
/// name its address or host name. Other targets stay together, without a unit.
class TargetExpansion {
 public:
  TargetExpansion(const Topology& topology, std::vector<Host> hosts)
      : topology_(&topology), hosts_(std::move(hosts)) {}

  /// Adds a job, which has a name and targets.
  void add(const nlohmann::json& job);

  [[nodiscard]] std::vector<nlohmann::json> take() { return std::move(jobs_); }

 private:
  [[nodiscard]] const Host* owner(const std::string& target) const;
  [[nodiscard]] nlohmann::json targets_of(const nlohmann::json& config, const Host* host) const;
  void add_for(const nlohmann::json& job, const nlohmann::json& config,
               const nlohmann::json& targets, const Host& host);

  const Topology* topology_;
  std::vector<Host> hosts_;
  std::vector<nlohmann::json> jobs_;
};

std::string path_of(const json& job) {
  const std::string path = job.value("metrics_path", "");
  return path.empty() ? "/metrics" : path;
}

/// Returns the host before the port, without the brackets of IPv6.
std::string_view host_part(std::string_view target) {
  if (target.starts_with('[')) {
    return target.substr(1, target.find(']') - 1);
  }
  return target.substr(0, target.find(':'));
}

bool is_wildcard(const std::string& target) {
  return target.starts_with('*');
}

std::string replaced(std::string target, const std::string& address) {
  for (auto at = target.find('*'); at != std::string::npos;
       at = target.find('*', at + address.size())) {
    target.replace(at, 1, address);
  }
  return target;
}

/// Replaces the wildcards with one address.
json addresses(const json& config, const std::string& address) {
  json found = json::array();
  for (const json& target : config.value("targets", json::array())) {
    if (is_wildcard(target)) {
      found.push_back(replaced(target, address));
    }
  }
  return found;
}

/// Makes `instance` from the topology, so that it stays the same after the pod has moved. It is the
/// last rule, so that it has priority.
void relabel_instance(json& job, bool with_unit) {
  json sources = {"juju_model", "juju_model_uuid", "juju_application"};
  if (with_unit) {
    sources.push_back("juju_unit");
  }
  job["relabel_configs"].push_back({{"source_labels", sources},
                                    {"separator", "_"},
                                    {"target_label", "instance"},
                                    {"regex", "(.*)"}});
}

/// Labels of the job have priority over those of the topology.
json labelled(json static_config, const json& targets, json labels) {
  labels.update(static_config.value("labels", json::object()));
  static_config["targets"] = targets;
  static_config["labels"] = std::move(labels);
  return static_config;
}

void TargetExpansion::add(const json& job) {
  json strangers = json::array();
  for (const json& config : job.at("static_configs")) {
    for (const Host& host : hosts_) {
      add_for(job, config, addresses(config, host.address), host);
      add_for(job, config, targets_of(config, &host), host);
    }
    if (const json others = targets_of(config, nullptr); !others.empty()) {
      strangers.push_back(labelled(config, others, topology_->labels()));
    }
  }
  if (!strangers.empty()) {
    json rest = job;
    rest["metrics_path"] = path_of(job);
    rest["static_configs"] = std::move(strangers);
    relabel_instance(rest, false);
    jobs_.push_back(std::move(rest));
  }
}

const Host* TargetExpansion::owner(const std::string& target) const {
  const auto host = std::find_if(hosts_.begin(), hosts_.end(), [&](const Host& candidate) {
    return host_part(target) == candidate.address || host_part(target) == candidate.fqdn;
  });
  return host == hosts_.end() ? nullptr : &*host;
}

/// Returns the explicit targets of a unit, or those without a unit.
json TargetExpansion::targets_of(const json& config, const Host* host) const {
  json found = json::array();
  for (const json& target : config.value("targets", json::array())) {
    if (!is_wildcard(target) && owner(target) == host) {
      found.push_back(target);
    }
  }
  return found;
}

void TargetExpansion::add_for(const json& job, const json& config, const json& targets,
                              const Host& host) {
  if (targets.empty()) {
    return;
  }
  json labels = topology_->labels();
  labels["juju_unit"] = host.unit;
  json mine = job;
  mine["job_name"] =
      job.at("job_name").get<std::string>() + "-" + host.unit.substr(host.unit.rfind('/') + 1);
  mine["metrics_path"] = host.path + path_of(job);
  mine["static_configs"] = json::array({labelled(config, targets, labels)});
  relabel_instance(mine, true);
  jobs_.push_back(std::move(mine));
}

constexpr std::array allowed_keys = {"job_name",
                                     "metrics_path",
                                     "static_configs",
                                     "scrape_interval",
                                     "scrape_timeout",
                                     "proxy_url",
                                     "relabel_configs",
                                     "metric_relabel_configs",
                                     "sample_limit",
                                     "label_limit",
                                     "label_name_length_limit",
                                     "label_value_length_limit",
                                     "scheme",
                                     "basic_auth",
                                     "tls_config",
                                     "authorization",
                                     "params"};

json parsed(const Databag& bag, const std::string& key, const std::string& otherwise = "{}") {
  const std::string text = value_of(bag, key);
  return json::parse(text.empty() ? otherwise : text);
}

std::vector<Host> hosts_of(const Relation& relation) {
  std::vector<Host> hosts;
  for (const auto& [unit, bag] : relation.remote_units) {
    const auto first_of = [&bag](const std::string& key, const std::string& otherwise) {
      const std::string value = value_of(bag, key);
      return value.empty() ? otherwise : value;
    };
    Host host{.unit = first_of("prometheus_scrape_unit_name", unit),
              .address = first_of("prometheus_scrape_unit_address",
                                  value_of(bag, "prometheus_scrape_host")),
              .path = value_of(bag, "prometheus_scrape_unit_path"),
              .fqdn = value_of(bag, "prometheus_scrape_unit_fqdn")};
    if (!host.address.empty()) {
      hosts.push_back(std::move(host));
    }
  }
  return hosts;
}

json sanitized(const json& job, const std::string& prefix) {
  const json default_target = {{"targets", json::array({"*:80"})}};
  json result = {{"metrics_path", "/metrics"}, {"static_configs", json::array({default_target})}};
  for (const char* key : allowed_keys) {
    if (job.contains(key)) {
      result[key] = job.at(key);
    }
  }
  const std::string name = job.value("job_name", "");
  result["job_name"] = name.empty() ? prefix : prefix + "_" + name;
  return result;
}

/// A rule without a whole topology in its labels stays unchanged.
void qualify(json& rule) {
  const json labels = rule.value("labels", json());
  if (!rehearsal::partner::has_topology(labels) || !rule.contains("expr")) {
    return;
  }
  (void)rehearsal::partner::topology_of_labels(
      labels);  // Throws for a UUID that the original rejects.
  rule["expr"] = rehearsal::partner::without_placeholder(rule["expr"].get<std::string>());
}

void qualify_groups(json& rules) {
  if (rules.is_object() && rules.contains("groups")) {
    for (json& group : rules["groups"]) {
      for (json& rule : group.at("rules")) {
        qualify(rule);
      }
    }
  }
}

/// The first rule of the first group with an owner names the file.
std::string identifier_in(const json& rules) {
  if (!rules.is_object() || !rules.contains("groups")) {
    return "";
  }
  for (const json& group : rules.at("groups")) {
    const json& first = group.at("rules").at(0);
    const json labels = first.value("labels", json::object());
    if (labels.is_null()) {
      throw charm::Error("the labels of a rule are null");
    }
    if (rehearsal::partner::has_topology(labels)) {
      return rehearsal::partner::topology_of_labels(labels).identifier();
    }
  }
  return "";
}

std::string identifier_of(const Relation& relation, const json& rules) {
  std::string identifier = identifier_in(rules);
  const json metadata = parsed(relation.remote_app_data, "scrape_metadata");
  if (identifier.empty() && metadata.contains("model") && metadata.contains("model_uuid") &&
      metadata.contains("application")) {
    identifier = rehearsal::partner::topology_of_metadata(metadata).identifier();
  }
  if (identifier.empty() && rules.is_object() && !rules.value("groups", json::array()).empty()) {
    identifier = rules.at("groups").at(0).value("name", "");
  }
  return identifier;
}

}  // namespace

Jobs scrape_jobs(const Relation& relation) {
  const json published = parsed(relation.remote_app_data, "scrape_jobs", "[]");
  if (relation.remote_units.empty() || published.empty()) {
    return {};
  }
  if (!published.is_array()) {
    throw charm::Error("scrape_jobs is not a list");
  }
  const json metadata = parsed(relation.remote_app_data, "scrape_metadata");
  if (metadata.empty()) {
    return with_unique_names(published);
  }
  const Topology topology = rehearsal::partner::topology_of_metadata(metadata);
  const std::string prefix = "juju_" + topology.identifier() + "_prometheus_scrape";
  TargetExpansion expansion(topology, hosts_of(relation));
  for (const json& job : published) {
    expansion.add(sanitized(job, prefix));
  }
  return with_unique_names(expansion.take());
}

Jobs with_unique_names(Jobs jobs) {
  std::map<std::string, int> users;
  for (const json& job : jobs) {
    ++users[job.at("job_name").get<std::string>()];
  }
  Jobs unique;
  for (json& job : jobs) {
    const auto name = job.at("job_name").get<std::string>();
    if (users[name] > 1) {
      job["job_name"] = name + "_" + std::to_string(std::hash<json>{}(job));
    }
    if (std::find(unique.begin(), unique.end(), job) == unique.end()) {
      unique.push_back(std::move(job));
    }
  }
  return unique;
}

std::optional<RuleFile> rule_file(const Relation& relation) {
  json rules = parsed(relation.remote_app_data, "alert_rules");
  if (relation.remote_units.empty() || rules.empty()) {
    return std::nullopt;
  }
  qualify_groups(rules);
  const std::string identifier = identifier_of(relation, rules);
  if (identifier.empty()) {
    return std::nullopt;
  }
  return RuleFile{.name = identifier + "_" + relation.endpoint + "_" + std::to_string(relation.id),
                  .content = std::move(rules)};
}

}  // namespace prometheus
