// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "loki_push_api.hpp"

#include "charm/domain/digest.hpp"
#include "charm/domain/error.hpp"
#include "rehearsal/charms/partner/partner.hpp"
#include "rehearsal/charms/partner/topology.hpp"
#include "rehearsal/loki/logql.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>
#include <iterator>

namespace loki {
namespace {

using charm::Relation;
using nlohmann::json;
using rehearsal::partner::Topology;

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    throw charm::Error("cannot read " + path);
  }
  return {std::istreambuf_iterator<char>(file), {}};
}

json entry(const Promtail& promtail, const std::string& url, const std::string& name) {
  return {{"filename", name},
          {"zipsha", charm::sha256(promtail.archive)},
          {"binsha", charm::sha256(promtail.binary)},
          {"url", url}};
}

json parsed(const Relation& relation, const std::string& key) {
  const std::string text = rehearsal::partner::value_of(relation.remote_app_data, key);
  return text.empty() ? json::object() : json::parse(text);
}

/// The labels of the first rule name the owner of the rules; otherwise `metadata` does.
Topology topology_of(const json& rules, const json& metadata) {
  const json labels = rules.at("groups").at(0).at("rules").at(0).value("labels", json::object());
  return rehearsal::partner::has_topology(labels)
             ? rehearsal::partner::topology_of_labels(labels)
             : rehearsal::partner::topology_of_metadata(metadata);
}

/// The charm adds to the labels of each rule, and fails if they are not a mapping.
void require_labels(const json& rule) {
  if (rule.contains("labels") && !rule.at("labels").is_object()) {
    throw charm::Error("the labels of a rule are not a mapping");
  }
}

std::string first_error(const json& rules) {
  for (const json& group : rules.at("groups")) {
    if (group.at("rules").empty()) {
      throw charm::Error("the group " + group.value("name", "") + " has no rules");
    }
    for (const json& rule : group.at("rules")) {
      require_labels(rule);
      try {
        rehearsal::loki::check_duration(rule.value("for", "0s"));
        rehearsal::loki::check_expression(rehearsal::partner::without_placeholder(rule.at("expr")));
      } catch (const rehearsal::loki::ParseError& error) {
        return std::string("error validating rules/validate_rule.yaml: [") + error.what() + "]";
      }
    }
  }
  return {};
}

RuleFile read(const json& rules, const json& metadata) {
  RuleFile file{.error = first_error(rules)};
  file.name = topology_of(rules, metadata).identifier();
  std::ranges::replace(file.name, '/', '_');
  file.content = file.error.empty() ? rules.dump() : "";
  return file;
}

}  // namespace

Promtail read_promtail(const std::string& charm_folder) {
  return {.binary = content_of(charm_folder + "/promtail"),
          .archive = content_of(charm_folder + "/promtail.gz")};
}

std::string promtail_offer(const Promtail& promtail, const std::string& base_url,
                           const std::string& kind) {
  if (kind == "absent") {
    return {};
  }
  const Promtail other{.binary = "another program", .archive = "another file"};
  const Promtail& published = kind == "wrong-digest" ? other : promtail;
  const std::string url =
      base_url + "/files/" + (kind == "missing" ? "no-such-file.gz" : archive_name);
  const json arm = entry(published, url, "promtail-static-arm64");
  return json{
      {"amd64", entry(published, url, "promtail-static-amd64")}, {"arm64", arm}, {"aarch64", arm}}
      .dump();
}

std::optional<RuleFile> rule_file(const Relation& relation) {
  try {
    const json rules = parsed(relation, "alert_rules");
    if (!rules.contains("groups") || rules.at("groups").empty()) {
      return std::nullopt;
    }
    return read(rules, parsed(relation, "metadata"));
  } catch (const json::exception& error) {
    throw charm::Error("relation " + std::to_string(relation.id) + ": " + error.what());
  }
}

}  // namespace loki
