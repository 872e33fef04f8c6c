// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/file_text.hpp"
#include "tests/unit/hook/dispatched_unit.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <filesystem>
#include <fstream>

namespace charm {
namespace {

/// The endpoints other than `database`, by the number of their relation here, with the application
/// on the other side.
const std::map<int, std::pair<std::string, std::string>>& partners() {
  static const std::map<int, std::pair<std::string, std::string>> all = {
      {11, {"ingress", "traefik-k8s"}},
      {12, {"traefik-route", "traefik-k8s"}},
      {13, {"metrics-endpoint", "prometheus-k8s"}},
      {14, {"grafana-dashboard", "grafana-k8s"}},
      {15, {"logging", "loki-k8s"}},
      {16, {"receive-ca-cert", "self-signed-certificates"}}};
  return all;
}

void relate_everything(DispatchedUnit& unit) {
  unit.relate_database();
  unit.juju.relations[DispatchedUnit::database_relation].remote_units = {{"postgresql-k8s/0", {}}};
  for (const auto& [id, partner] : partners()) {
    const auto& [endpoint, application] = partner;
    unit.juju.relations[id] = {.endpoint = endpoint,
                               .remote_app = application,
                               .remote_units = {{application + "/0", {}}}};
  }
}

/// Our two databags on a relation.
std::string databags(const DispatchedUnit& unit, int relation) {
  const OutsideState state = unit.state();
  const nlohmann::json bags = {{"application", state.app_bags.at(relation)},
                               {"unit", state.unit_bags.at(relation)}};
  return bags.dump(2) + "\n";
}

std::string golden(const std::string& endpoint) {
  return test::file_text(std::filesystem::path(SOURCE_DIR) / "tests/data/databags" /
                         (endpoint + ".json"));
}

/// After an intended change of a databag, copy this file to tests/data/databags.
std::string save(const std::string& endpoint, const std::string& text) {
  const auto path = std::filesystem::temp_directory_path() / ("databag-" + endpoint + ".json");
  std::ofstream(path) << text;
  return path;
}

std::map<int, std::string> endpoints() {
  std::map<int, std::string> all = {{DispatchedUnit::database_relation, "database"}};
  for (const auto& [id, partner] : partners()) {
    all[id] = partner.first;
  }
  return all;
}

// The databags must not change by a byte, because a change runs a hook of every application on the
// other side.
TEST(Databags, AreWhatTheGoldenFilesSay) {
  DispatchedUnit unit;
  relate_everything(unit);
  ASSERT_TRUE(unit.dispatch()) << unit.last_error;
  for (const auto& [id, endpoint] : endpoints()) {
    const std::string text = databags(unit, id);
    EXPECT_TRUE(text == golden(endpoint)) << endpoint << " differs: " << save(endpoint, text);
  }
}

TEST(Databags, AreTheSameBytesInEveryRun) {
  DispatchedUnit first;
  relate_everything(first);
  ASSERT_TRUE(first.dispatch()) << first.last_error;
  DispatchedUnit second;
  relate_everything(second);
  ASSERT_TRUE(second.dispatch("config-changed")) << second.last_error;
  ASSERT_TRUE(second.dispatch("upgrade-charm")) << second.last_error;
  EXPECT_EQ(first.state().app_bags, second.state().app_bags);
  EXPECT_EQ(first.state().unit_bags, second.state().unit_bags);
}

}  // namespace
}  // namespace charm
