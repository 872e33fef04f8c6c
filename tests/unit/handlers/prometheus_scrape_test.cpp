// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "databags.hpp"
#include "registry.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <map>

namespace prometheus_scrape_test {

using charm::Databag;
using charm::Facts;
using charm::Publication;
using charm::Scope;
using nlohmann::json;

const charm::RelationHandler& prometheus = charm::prometheus_scrape;

charm::Relation related(int id) {
  return {.id = id, .endpoint = "metrics-endpoint", .remote_app = "prometheus"};
}

/// The rules of one group, without the texts for operators.
json rules_of(const Databag& data, const std::string& group_name) {
  auto rules = json::parse(data.at("alert_rules"));
  for (auto& group : rules.at("groups")) {
    if (group.at("name") == group_name) {
      for (auto& rule : group.at("rules")) {
        rule.erase("annotations");
      }
      return group;
    }
  }
  return {};
}

TEST(PrometheusScrape, PublishesWhatPrometheusWasTriedWith) {
  const auto publications = test::published(prometheus, test::with({related(7)}));
  ASSERT_EQ(publications.size(), 2U);
  const std::string sample = "prometheus_scrape_provider_recommended";
  const Publication unit{
      .relation = 7, .scope = Scope::unit, .data = test::sample_bag(sample, "unit")};
  EXPECT_EQ(publications[1], unit);

  EXPECT_EQ(publications[0].relation, 7);
  EXPECT_EQ(publications[0].scope, Scope::app);
  const auto& ours = publications[0].data;
  const auto tried = test::sample_bag(sample);
  EXPECT_EQ(ours.size(), tried.size());
  for (const auto* const key : {"scrape_jobs", "scrape_metadata"}) {
    EXPECT_EQ(json::parse(ours.at(key)), json::parse(tried.at(key))) << key;
  }
  const std::string host_health = "keyserver_5b1c2a9e_hockeypuck_k8s_HostHealth_rules";
  EXPECT_EQ(rules_of(ours, host_health), rules_of(tried, host_health));
}

TEST(PrometheusScrape, WritesSortedJsonOnOneLine) {
  const auto data = test::published(prometheus, test::with({related(7)})).at(0).data;
  EXPECT_EQ(data.at("scrape_jobs"), R"([{"job_name":"hockeypuck","metrics_path":"/metrics",)"
                                    R"("static_configs":[{"targets":["*:9626"]}]}])");
  EXPECT_EQ(data.at("scrape_metadata"),
            R"({"application":"hockeypuck-k8s","charm_name":"hockeypuck-k8s","model":"keyserver",)"
            R"("model_uuid":"5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10","unit":"hockeypuck-k8s/0"})");
}

TEST(PrometheusScrape, TellsWhereEachUnitIs) {
  auto snapshot = test::with({related(7)});
  snapshot.unit = test::other_unit();
  const auto fqdn = snapshot.unit.fqdn;
  const std::map<std::string, std::string> addresses = {
      {"10.1.42.8", "10.1.42.8"}, {"fd00::8", "[fd00::8]"}, {"", fqdn}};
  for (const auto& [address, published] : addresses) {
    snapshot.unit.address = address;
    const std::vector<Publication> expected = {
        {.relation = 7,
         .scope = Scope::unit,
         .data = {{"prometheus_scrape_unit_address", published},
                  {"prometheus_scrape_unit_fqdn", fqdn},
                  {"prometheus_scrape_unit_name", "hockeypuck-k8s/1"}}}};
    EXPECT_EQ(test::published(prometheus, snapshot), expected) << address;
  }
}

TEST(PrometheusScrape, TellsOnlyItsNameWhileNothingElseIsKnown) {
  auto snapshot = test::with({related(7)});
  snapshot.unit.address.clear();
  snapshot.unit.fqdn.clear();
  const Databag expected = {{"prometheus_scrape_unit_name", "hockeypuck-k8s/0"}};
  EXPECT_EQ(test::published(prometheus, snapshot).at(1).data, expected);
}

TEST(PrometheusScrape, PassesOnWhatPrometheusFoundWrong) {
  const std::map<std::string, Facts> expected = {
      {"ok", {}},
      {"alert_error",
       {.warnings = {"relation 7 (metrics-endpoint), event: prometheus reports: error validating "
                     "rules/validate_rule.yaml: [7:11: group "
                     "\"keyserver_5b1c2a9e_hockeypuck_k8s_recon_rules\", rule 1, \"ReconFailing\": "
                     "could not parse expression: 1:7: parse error: unclosed left parenthesis]"}}},
      {"scrape_job_error",
       {.warnings = {"relation 7 (metrics-endpoint), event: prometheus reports: Command "
                     "'['cos-tool-amd64', 'validate-config', 'rules']' returned non-zero exit "
                     "status 1."}}},
  };
  for (const auto& [name, facts] : expected) {
    EXPECT_EQ(test::learned(prometheus, test::with_sample("metrics-endpoint", "prometheus",
                                                          "prometheus_scrape_requirer_" + name)),
              facts)
        << name;
  }
}

}  // namespace prometheus_scrape_test
