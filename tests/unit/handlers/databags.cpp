// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "databags.hpp"

#include <nlohmann/json.hpp>

#include <fstream>
#include <stdexcept>

namespace charm {

void PrintTo(const Facts& facts, std::ostream* out) {
  for (const auto& database : facts.databases) {
    *out << "\n  database " << database.host << ":" << database.port << "/" << database.name
         << " of " << database.user << ", mode " << static_cast<int>(database.ssl_mode) << ", "
         << database.ca.size() << " bytes of authorities";
  }
  if (const auto& url = facts.external_url) {
    *out << "\n  " << url->scheme << "://" << url->host << " " << url->port << " " << url->path;
  }
  for (const auto& [unit, url] : facts.loki) {
    *out << "\n  loki " << unit << " " << url;
  }
  for (const auto& unit : facts.peer_units) {
    *out << "\n  peer " << unit;
  }
  for (const auto& [kind, message] : facts.statuses) {
    *out << "\n  " << to_string(kind) << ": " << message;
  }
  for (const auto& warning : facts.warnings) {
    *out << "\n  warning " << warning;
  }
}

void PrintTo(const Publication& publication, std::ostream* out) {
  *out << "\n  relation " << publication.relation
       << (publication.scope == Scope::app ? " app" : " unit");
  for (const auto& [key, value] : publication.data) {
    *out << "\n    " << key << "=" << value;
  }
}

}  // namespace charm

namespace test {

namespace {

charm::Databag to_bag(const nlohmann::json& object) {
  return object.get<charm::Databag>();
}

}  // namespace

charm::Unit leader_unit() {
  return {.name = "hockeypuck-k8s/0",
          .app = "hockeypuck-k8s",
          .number = 0,
          .model = "keyserver",
          .model_uuid = "5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10",
          .address = "10.1.42.7",
          .fqdn = "hockeypuck-k8s-0.hockeypuck-k8s-endpoints.keyserver.svc.cluster.local",
          .leader = true};
}

charm::Unit other_unit() {
  auto unit = leader_unit();
  unit.name = "hockeypuck-k8s/1";
  unit.number = 1;
  unit.address = "10.1.42.8";
  unit.fqdn = "hockeypuck-k8s-1.hockeypuck-k8s-endpoints.keyserver.svc.cluster.local";
  unit.leader = false;
  return unit;
}

nlohmann::json sample(const std::string& name) {
  std::ifstream file(TEST_DATA_DIR "/interfaces/" + name + ".json");
  if (!file) {
    throw std::runtime_error("no sample " + name);
  }
  return nlohmann::json::parse(file);
}

charm::Databag sample_bag(const std::string& name, const std::string& side) {
  return to_bag(sample(name).at(side));
}

charm::Snapshot with_sample(const std::string& endpoint, const std::string& remote_app,
                            const std::string& name) {
  const auto data = sample(name);
  charm::Relation relation{.id = 7,
                           .endpoint = endpoint,
                           .remote_app = remote_app,
                           .remote_app_data = to_bag(data.at("app")),
                           .local_app_data = charm::Databag{}};
  relation.remote_units[remote_app + "/0"] = to_bag(data.at("unit"));
  const auto units = data.value("units", nlohmann::json::object());
  for (const auto& [unit, bag] : units.items()) {
    relation.remote_units[unit] = to_bag(bag);
  }
  auto snapshot = with({relation});
  for (const auto& secret : data.value("_secrets", nlohmann::json::object())) {
    snapshot.secrets[secret.at("uri").get<std::string>()] = to_bag(secret.at("content"));
  }
  return snapshot;
}

charm::Snapshot with(std::vector<charm::Relation> relations) {
  charm::Snapshot snapshot;
  snapshot.unit = leader_unit();
  snapshot.relations = std::move(relations);
  return snapshot;
}

charm::Facts learned(const charm::RelationHandler& handler, const charm::Snapshot& snapshot,
                     const charm::Settings& settings) {
  charm::Facts facts;
  handler.learn(snapshot, settings, facts);
  return facts;
}

std::vector<charm::Publication> published(const charm::RelationHandler& handler,
                                          const charm::Snapshot& snapshot,
                                          const charm::Settings& settings) {
  charm::Plan plan;
  handler.publish(snapshot, settings, learned(handler, snapshot, settings), plan);
  return plan.publications;
}

std::vector<std::string> hostile_texts() {
  return {"{",
          "}",
          "\"",
          "nul",
          "True",
          "text",
          "url: http://keys.example.com",
          "42",
          "-1e999",
          "\"text\"",
          "[]",
          "[{}]",
          "[\"url\"]",
          "{} {}",
          "{\"url\"}",
          "{\"url\": \"http://keys.example.com\"",
          "\xFF\xFE",
          "{\"url\": \"\xC3\x28\"}",
          "{\"url\": \"\\ud800\"}",
          std::string("{\"a\":\0}", 7),
          std::string(100, '['),
          std::string(100000, '['),
          std::string(65, '[') + std::string(65, ']'),
          std::string(100000, '{'),
          std::string(100000, '"'),
          std::string(100000, '\\')};
}

}  // namespace test
