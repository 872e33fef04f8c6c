// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/error.hpp"
#include "charm/juju/command_runner.hpp"
#include "rehearsal/charms/prometheus-k8s/configuration.hpp"
#include "rehearsal/charms/prometheus-k8s/prometheus_scrape.hpp"
#include "tests/contract/partners/partner_test.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace prometheus_test {

using charm::Databag;
using charm::Relation;
using nlohmann::json;
using prometheus::rule_file;
using prometheus::scrape_jobs;

json sample(const std::string& name) {
  return test::sample("prometheus_scrape_" + name);
}

/// Relation 12 with an application of one unit that published the content of the sample.
Relation with_sample(const std::string& name) {
  const json side = sample(name);
  return {.id = 12,
          .endpoint = "metrics-endpoint",
          .remote_app = "hockeypuck-k8s",
          .remote_app_data = side.at("app").get<Databag>(),
          .remote_units = {{"hockeypuck-k8s/0", side.at("unit").get<Databag>()}}};
}

/// The databag of a correct provider, with one key changed.
Relation with(const std::string& key, const std::string& value) {
  Relation relation = with_sample("provider_recommended");
  relation.remote_app_data[key] = value;
  return relation;
}

/// The recorded original runs Prometheus 3, which needs a key that Prometheus 2 rejects.
json without_fallback(json jobs) {
  for (json& job : jobs) {
    job.erase("fallback_scrape_protocol");
  }
  return jobs;
}

const std::string metadata =
    R"({"model": "m", "model_uuid": "5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10", "application": "a"})";

TEST(PrometheusJobs, AreThoseOfTheOriginal) {
  EXPECT_EQ(json(scrape_jobs(with_sample("provider_recommended"))),
            without_fallback(sample("provider_recommended").at("_verified").at("jobs")));
  Relation two_units = with_sample("provider_leader_no_costool");
  Databag& second = two_units.remote_units["hockeypuck-k8s/1"];
  second = sample("provider_nonleader_unit1").at("unit").get<Databag>();
  EXPECT_EQ(json(scrape_jobs(two_units)),
            without_fallback(sample("requirer_ok").at("_rendered_jobs")));
}

TEST(PrometheusJobs, StartTheirPathWithThatOfTheUnit) {
  const auto jobs = scrape_jobs(with_sample("provider_external_url"));
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].at("metrics_path"), "/keyserver-hockeypuck-k8s-0/metrics");
  EXPECT_EQ(jobs[0].at("/static_configs/0/targets/0"_json_pointer), "keys.example.com:9626");
}

TEST(PrometheusJobs, KeepTheirLabelsAndLoseUnknownKeys) {
  Relation relation = with("scrape_jobs", R"([{"job_name": "app", "scheme": "https", "bogus": 1,
      "static_configs": [{"targets": ["*:1", "exporter.example.com:9115"],
                          "labels": {"component": "hkp", "juju_charm": "mine"}}]}])");
  const auto jobs = scrape_jobs(relation);
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_FALSE(jobs[0].contains("bogus"));
  EXPECT_EQ(jobs[0].at("scheme"), "https");
  json labels = {{"component", "hkp"},
                 {"juju_charm", "mine"},
                 {"juju_model", "keyserver"},
                 {"juju_model_uuid", "5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10"},
                 {"juju_application", "hockeypuck-k8s"}};
  EXPECT_EQ(jobs[1].at("/static_configs/0/labels"_json_pointer), labels);
  EXPECT_EQ(jobs[1].at("/relabel_configs/0/source_labels"_json_pointer).size(), 3U);
  labels["juju_unit"] = "hockeypuck-k8s/0";
  EXPECT_EQ(jobs[0].at("/static_configs/0/labels"_json_pointer), labels);
}

TEST(PrometheusJobs, KnowTheUnitBehindAnExplicitTarget) {
  const auto jobs = scrape_jobs(with(
      "scrape_jobs", R"([{"job_name": "x", "static_configs": [{"targets": ["10.1.42.7:9"]}]}])"));
  ASSERT_EQ(jobs.size(), 1U);
  EXPECT_EQ(jobs[0].at("/static_configs/0/labels/juju_unit"_json_pointer), "hockeypuck-k8s/0");
  EXPECT_EQ(jobs[0].at("job_name"), "juju_keyserver_5b1c2a9e_hockeypuck-k8s_prometheus_scrape_x-0");
}

TEST(PrometheusJobs, AreSkippedWhileSomethingIsNotThere) {
  Relation relation = with_sample("provider_recommended");
  relation.remote_units["hockeypuck-k8s/0"].clear();
  EXPECT_TRUE(scrape_jobs(relation).empty());
  relation = with_sample("provider_recommended");
  relation.remote_units.clear();
  EXPECT_TRUE(scrape_jobs(relation).empty());
  EXPECT_TRUE(scrape_jobs(with("scrape_jobs", "[]")).empty());
  EXPECT_TRUE(scrape_jobs(with("scrape_jobs", R"([{"static_configs": []}])")).empty());
}

TEST(PrometheusJobs, OfOneNameAreToldApart) {
  const std::string two = R"([{"job_name": "x", "params": {"a": ["1"]}}, {"job_name": "x"}])";
  const auto jobs = scrape_jobs(with("scrape_jobs", two));
  ASSERT_EQ(jobs.size(), 2U);
  EXPECT_NE(jobs[0].at("job_name"), jobs[1].at("job_name"));
  const auto same = scrape_jobs(with("scrape_jobs", R"([{"job_name": "x"}, {"job_name": "x"}])"));
  EXPECT_EQ(same.size(), 1U);
}

TEST(PrometheusJobs, FailTheHookWhereTheOriginalDoes) {
  for (const auto* const text : {"[", "{\"a\": 1}", "[1]", "[\"x\"]"}) {
    EXPECT_ANY_THROW(scrape_jobs(with("scrape_jobs", text))) << text;
  }
  for (
      const auto* const text :
      {"[", R"({"model": "m"})",
       R"({"model": "m", "model_uuid": "5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10"})",
       R"({"model": "m", "model_uuid": "5B1C2A9E-3F47-4D0A-9C53-1E8F2B6D7A10", "application": "a"})",
       R"({"model": "m", "model_uuid": "5b1c2a9e-3f47-1d0a-9c53-1e8f2b6d7a10", "application": "a"})"}) {
    EXPECT_ANY_THROW(scrape_jobs(with("scrape_metadata", text))) << text;
  }
  EXPECT_NO_THROW(scrape_jobs(with("scrape_metadata", metadata)));
  Relation nameless = with("scrape_jobs", R"([{"static_configs": [{"targets": ["*:1"]}]}])");
  EXPECT_NO_THROW(scrape_jobs(nameless));
  nameless.remote_app_data.erase("scrape_metadata");
  EXPECT_ANY_THROW(scrape_jobs(nameless));
}

TEST(PrometheusRuleFile, IsThatOfTheOriginal) {
  const auto file = rule_file(with_sample("provider_leader_costool"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->name, "keyserver_5b1c2a9e_hockeypuck-k8s_metrics-endpoint_12");
  EXPECT_EQ(file->content, sample("requirer_ok").at("_rendered_alerts").at(file->name));
}

TEST(PrometheusRuleFile, IsSkippedWithoutRules) {
  EXPECT_FALSE(rule_file(with_sample("provider_no_alert_rules")));
  EXPECT_FALSE(rule_file(with("alert_rules", "")));
}

/// A file of one group with one rule.
std::string one_rule(const std::string& rule) {
  return R"({"groups": [{"name": "g", "rules": [)" + rule + "]}]}";
}

TEST(PrometheusRuleFile, LosesThePlaceholder) {
  const std::string rule =
      R"({"alert": "A", "expr": "up{%%juju_topology%%,a=\"b\"}", "labels": {"juju_model": "m",
      "juju_model_uuid": "5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10", "juju_application": "a"}})";
  const auto file = rule_file(with("alert_rules", one_rule(rule)));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->content.at("/groups/0/rules/0/expr"_json_pointer), "up{a=\"b\"}");
}

TEST(PrometheusRuleFile, FailsTheHookWhereTheOriginalDoes) {
  const std::string wrong_uuid =
      R"({"alert": "A", "expr": "up", "labels": {"juju_model": "m", "juju_model_uuid": "1",
      "juju_application": "a"}})";
  for (const std::string& text :
       {std::string("{"), std::string(R"({"groups": [{"name": "g"}]})"), one_rule(""),
        one_rule(R"({"alert": "A", "expr": "up", "labels": null})"), one_rule(wrong_uuid)}) {
    EXPECT_ANY_THROW(rule_file(with("alert_rules", text))) << text;
  }
}

class PrometheusChecks : public testing::Test {
 protected:
  charm::juju::ProcessRunner runner_;
  prometheus::Promtool promtool_{runner_};
};

TEST_F(PrometheusChecks, PassWhatTheLibraryPublishes) {
  for (const auto* const name :
       {"default_job", "external_url", "ipv6", "leader_costool", "leader_no_costool",
        "no_alert_rules", "recommended", "two_jobs_labels_https"}) {
    const Relation relation = with_sample(std::string("provider_") + name);
    const auto jobs = scrape_jobs(relation);
    EXPECT_FALSE(jobs.empty()) << name;
    EXPECT_EQ(promtool_.error_in_jobs(jobs), "") << name;
    const auto file = rule_file(relation);
    EXPECT_EQ(file ? promtool_.error_in_rules(file->content) : "", "") << name;
  }
}

TEST_F(PrometheusChecks, RefuseAWholeFileForOneRule) {
  const json good = {{"alert", "Good"}, {"expr", "up"}};
  const json unclosed = {{"alert", "Bad"}, {"expr", "rate((x[5m]"}};
  const json number = {{"alert", "Bad"}, {"expr", "up"}, {"for", 5}};
  const auto error = [this](const json& groups) {
    return promtool_.error_in_rules({{"groups", groups}});
  };
  const auto group = [](const json& rules) { return json{{"name", "g"}, {"rules", rules}}; };
  EXPECT_EQ(error(json::array({group(json::array({good}))})), "");
  const std::string syntax = error(json::array({group(json::array({good, unclosed}))}));
  EXPECT_TRUE(syntax.starts_with("error validating rules/validate_rule.yaml: [")) << syntax;
  EXPECT_NE(syntax.find(R"(group "g", rule 2, "Bad": could not parse expression)"),
            std::string::npos)
      << syntax;
  EXPECT_NE(error(json::array({group(json::array({number}))})), "");
  EXPECT_NE(error(json::array({group(json::array({good})), group(json::array({good}))})), "")
      << "a duplicate name of a group";
}

TEST_F(PrometheusChecks, RefuseAJobWithAWrongField) {
  const json targets = {{"targets", {"a:1"}}};
  json job = {{"job_name", "x"}, {"static_configs", json::array({targets})}};
  EXPECT_EQ(promtool_.error_in_jobs({job}), "");
  job["scrape_interval"] = "soon";
  EXPECT_NE(promtool_.error_in_jobs({job}), "");
}

}  // namespace prometheus_test
