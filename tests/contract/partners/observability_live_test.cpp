// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/contract/partners/partner_test.hpp"

#include <nlohmann/json.hpp>

namespace observability_live_test {

using nlohmann::json;

/// A model with a charm that publishes any given data, run by the real `rehearse`.
class ObservabilityPartners : public test::LiveModel {
 protected:
  ObservabilityPartners() : LiveModel("observed") {}

  void SetUp() override {
    LiveModel::SetUp();
    if (IsSkipped()) {
      return;
    }
    deploy_counterpart("observed");
  }

  void deploy(const std::string& partner) const {
    deploy_partner(partner);
    rehearse({"integrate", "observed", partner});
  }

  void publish(const std::string& key, const std::string& value) const {
    attempt({"config", "observed", key + "=" + value});
  }

  /// The other side's answer, as the charm last read it.
  json answer(const std::string& partner) const {
    const std::string file = "/var/lib/juju/agents/unit-observed-0/charm/" + partner + ".json";
    const json bag = json::parse(rehearse({"exec", "observed/0", "--", "cat", file}));
    return bag.contains("event") ? json::parse(bag["event"].get<std::string>()) : json();
  }

  bool shows(const std::string& text) const {
    return rehearse({"status"}).find(text) != std::string::npos;
  }
};

TEST_F(ObservabilityPartners, PrometheusDropsTheRulesOfARelationAndTakesThemAgain) {
  deploy("prometheus-k8s");
  const std::string loaded = "/srv/prometheus/rules";
  const std::vector<std::string> list = {
      "exec", "prometheus-k8s/0", "--container", "prometheus", "--", "ls", loaded};
  EXPECT_EQ(answer("prometheus"), json::object());
  EXPECT_NE(rehearse(list).find("_observed_metrics-endpoint_"), std::string::npos);

  publish("alert_rules", R"({"groups": [{"name": "g", "rules": [{"alert": "A", "expr": "("}]}]})");
  const json refused = answer("prometheus");
  EXPECT_TRUE(refused.value("errors", "").starts_with("error validating ")) << refused;
  EXPECT_TRUE(shows("Invalid alert rules. See debug-log"));
  EXPECT_NE(attempt(list).status, 0) << "no rule is left";

  publish("alert_rules", R"({"groups": [{"name": "g", "rules": [{"alert": "A", "expr": "up"}]}]})");
  EXPECT_EQ(answer("prometheus"), json::object());
  EXPECT_FALSE(shows("Invalid alert rules"));
}

TEST_F(ObservabilityPartners, PrometheusDropsTheJobsOfARelation) {
  deploy("prometheus-k8s");
  const std::vector<std::string> configuration = {"exec",
                                                  "prometheus-k8s/0",
                                                  "--container",
                                                  "prometheus",
                                                  "--",
                                                  "cat",
                                                  "/srv/prometheus/prometheus.yml"};
  EXPECT_NE(rehearse(configuration).find("10.1.0.99:9"), std::string::npos);
  publish("scrape_jobs", R"([{"job_name": "x", "scrape_interval": "soon"}])");
  EXPECT_EQ(answer("prometheus").value("scrape_job_errors", ""),
            "Command '['cos-tool-amd64', 'validate-config', 'rules']' returned non-zero exit "
            "status 1.");
  EXPECT_EQ(rehearse(configuration).find("10.1.0.99:9"), std::string::npos);
}

TEST_F(ObservabilityPartners, PrometheusFailsItsHookWhereTheOriginalDoes) {
  deploy("prometheus-k8s");
  publish("alert_rules", "{");
  EXPECT_TRUE(shows("hook failed: \"metrics-endpoint-relation-changed\""));
  publish("alert_rules", "{}");
  rehearse({"resolved", "prometheus-k8s/0"});
  EXPECT_FALSE(shows("hook failed"));
}

TEST_F(ObservabilityPartners, GrafanaAnswersWhatItCannotUnpack) {
  deploy("grafana-k8s");
  EXPECT_EQ(answer("grafana"), json());
  publish("dashboards", R"({"templates": {"file:x": {"charm": "c", "content": "e30="}}})");
  const json error = {{"dashboard_id", "file:x"},
                      {"error", "Input format not supported by decoder"}};
  EXPECT_EQ(answer("grafana"), (json{{"errors", json::array({error})}}));
}

TEST_F(ObservabilityPartners, GrafanaFailsItsHookWhereTheOriginalDoes) {
  deploy("grafana-k8s");
  publish("dashboards", "{}");
  EXPECT_TRUE(shows("hook failed: \"grafana-dashboard-relation-changed\""));
}

}  // namespace observability_live_test
