// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "target_expansion.hpp"

#include <algorithm>
#include <string_view>

namespace prometheus {
namespace {

using nlohmann::json;

std::string path_of(const json& job) {
  const std::string path = job.value("metrics_path", "");
  return path.empty() ? "/metrics" : path;
}

/// The host before the port, without the brackets of IPv6.
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

/// What the wildcards stand for at one address.
json addresses(const json& config, const std::string& address) {
  json found = json::array();
  for (const json& target : config.value("targets", json::array())) {
    if (is_wildcard(target)) {
      found.push_back(replaced(target, address));
    }
  }
  return found;
}

/// `instance` becomes the topology: the same after the pod has moved. Last, so that it wins.
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

/// Labels of the job win over those of the topology.
json labelled(json static_config, const json& targets, json labels) {
  labels.update(static_config.value("labels", json::object()));
  static_config["targets"] = targets;
  static_config["labels"] = std::move(labels);
  return static_config;
}

}  // namespace

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

/// The explicit targets of a unit, or those of nobody.
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

}  // namespace prometheus
