// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "scrape_jobs.hpp"

#include "charm/domain/error.hpp"
#include "target_expansion.hpp"
#include "topology.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <map>

namespace prometheus {
namespace {

using charm::Databag;
using charm::Relation;
using nlohmann::json;
using Jobs = std::vector<json>;

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

std::string value_of(const Databag& bag, const std::string& key,
                     const std::string& otherwise = "") {
  const auto entry = bag.find(key);
  return entry == bag.end() || entry->second.empty() ? otherwise : entry->second;
}

std::vector<Host> hosts_of(const Relation& relation) {
  std::vector<Host> hosts;
  for (const auto& [unit, bag] : relation.remote_units) {
    Host host{.unit = value_of(bag, "prometheus_scrape_unit_name", unit),
              .address = value_of(bag, "prometheus_scrape_unit_address",
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

}  // namespace

Jobs scrape_jobs(const Relation& relation) {
  const json published = json::parse(value_of(relation.remote_app_data, "scrape_jobs", "[]"));
  if (relation.remote_units.empty() || published.empty()) {
    return {};
  }
  if (!published.is_array()) {
    throw charm::Error("scrape_jobs is not a list");
  }
  const json metadata = json::parse(value_of(relation.remote_app_data, "scrape_metadata", "{}"));
  if (metadata.empty()) {
    return with_unique_names(published);
  }
  const Topology topology = topology_of_metadata(metadata);
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

}  // namespace prometheus
