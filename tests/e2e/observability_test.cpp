// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"
#include "tests/support/eventually.hpp"
#include "tests/support/file_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>

namespace test {
namespace observability_test {

using Json = nlohmann::json;

/// The keyserver with a real Prometheus that scrapes and evaluates each second.
class Metrics : public RehearsalTest {
 protected:
  void deploy() {
    model.deploy_all();
    model.rehearse({"deploy", "prometheus-k8s", "--config", "scrape_interval=1s", "--config",
                    "evaluation_interval=1s"});
    model.rehearse({"integrate", "hockeypuck-k8s", "prometheus-k8s"});
    ASSERT_TRUE(model.becomes("active", "", "prometheus-k8s"));
  }

  void TearDown() override {
    for (const Hook& hook : model.hooks("prometheus-k8s")) {
      EXPECT_EQ(hook.outcome, "ok") << hook.event;
    }
    RehearsalTest::TearDown();
  }

  /// The answer of Prometheus on its HTTP API.
  Json ask(const std::string& path, const std::string& parameter = "query=") {
    const auto result =
        model.attempt({"exec", "prometheus-k8s/0", "--container", "prometheus", "--", "curl",
                       "--silent", "--max-time", "5", "--get", "--data-urlencode", parameter,
                       "http://localhost:9090/api/v1/" + path});
    const Json answer = Json::parse(result.output, nullptr, false);
    return answer.is_object() ? answer.value("data", Json::object()) : Json::object();
  }

  /// The health of each target of the keyserver, by scraped URL.
  std::map<std::string, std::string> targets() {
    std::map<std::string, std::string> found;
    const Json data = ask("targets");
    for (const Json& target : data.value("activeTargets", Json::array())) {
      if (target.at("labels").value("juju_application", "") == "hockeypuck-k8s") {
        found[target.at("scrapeUrl")] = target.at("health");
      }
    }
    return found;
  }

  /// The values of a query, each with its labels.
  Json query(const std::string& expression) {
    return ask("query", "query=" + expression).value("result", Json::array());
  }

  std::string target_of(const std::string& unit) {
    const Json status = Json::parse(model.rehearse({"status", "--format", "json"}));
    const std::string address =
        status.at("applications").at("hockeypuck-k8s").at("units").at(unit).at("address");
    return "http://" + address + ":9626/metrics";
  }

  /// Whether exactly these units are scraped successfully.
  bool scrapes(const std::vector<std::string>& units) {
    std::map<std::string, std::string> expected;
    for (const std::string& unit : units) {
      expected[target_of(unit)] = "up";
    }
    return eventually([&] { return targets() == expected; });
  }

  std::string model_uuid() { return model.kept().at("uuid"); }

  std::vector<Json> rules() {
    std::vector<Json> found;
    const Json data = ask("rules");
    for (const Json& group : data.value("groups", Json::array())) {
      found.insert(found.end(), group.at("rules").begin(), group.at("rules").end());
    }
    return found;
  }
};

TEST_F(Metrics, OfTheKeyserverAreScrapedWithItsTopology) {
  deploy();
  ASSERT_TRUE(scrapes({"hockeypuck-k8s/0"})) << Json(targets());
  const Json expected = {{"__name__", "up"},
                         {"instance", "keys_" + model_uuid() + "_hockeypuck-k8s_hockeypuck-k8s/0"},
                         {"job", "juju_keys_" + model_uuid().substr(0, 8) +
                                     "_hockeypuck-k8s_prometheus_scrape_hockeypuck-0"},
                         {"juju_application", "hockeypuck-k8s"},
                         {"juju_charm", "hockeypuck-k8s"},
                         {"juju_model", "keys"},
                         {"juju_model_uuid", model_uuid()},
                         {"juju_unit", "hockeypuck-k8s/0"}};
  ASSERT_TRUE(eventually([&] { return !query("up{juju_unit!=\"\"}").empty(); }));
  EXPECT_EQ(query("up{juju_unit!=\"\"}").at(0).at("metric"), expected);

  const auto scraped = [&](const std::string& keys) {
    return eventually([&] { return query("hockeypuck_keys_added==" + keys).size() == 1; });
  };
  EXPECT_TRUE(scraped("1")) << "the admin key";
  ASSERT_TRUE(upload("alice"));
  EXPECT_TRUE(scraped("2"));
  EXPECT_EQ(model.status(), active);
}

TEST_F(Metrics, AreWatchedByRulesThatAllLoadAndEvaluate) {
  deploy();
  const auto evaluated = [this] {
    const auto all = rules();
    return !all.empty() && std::none_of(all.begin(), all.end(), [](const Json& rule) {
      return rule.at("health") == "unknown";
    });
  };
  ASSERT_TRUE(eventually(evaluated));
  std::set<std::string> names;
  for (const Json& rule : rules()) {
    names.insert(rule.at("name").get<std::string>());
    EXPECT_EQ(rule.at("health"), "ok") << rule;
    EXPECT_EQ(rule.value("lastError", ""), "") << rule;
    EXPECT_EQ(rule.at("labels").at("juju_model_uuid"), model_uuid()) << rule;
  }
  EXPECT_EQ(names,
            (std::set<std::string>{
                "HostDown", "HostMetricsMissing", "HockeypuckDown", "HockeypuckDatabaseUnreachable",
                "HockeypuckServerErrors", "HockeypuckFlooded", "HockeypuckSlowRequests",
                "HockeypuckRestarting", "HockeypuckKeysRemoved", "HockeypuckPeerStale",
                "HockeypuckPeerFailing", "HockeypuckPrefixTreeDrift"}));
  expect_settled();
}

TEST_F(Metrics, FollowTheUnitsAndEndWithTheRelation) {
  deploy();
  ASSERT_TRUE(scrapes({"hockeypuck-k8s/0"}));
  const std::string before = target_of("hockeypuck-k8s/0");
  model.rehearse({"delete-pod", "hockeypuck-k8s/0"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_NE(target_of("hockeypuck-k8s/0"), before);
  EXPECT_TRUE(scrapes({"hockeypuck-k8s/0"})) << Json(targets());

  model.rehearse({"scale-application", "hockeypuck-k8s", "2"});
  ASSERT_TRUE(model.becomes("active"));
  EXPECT_TRUE(scrapes({"hockeypuck-k8s/0", "hockeypuck-k8s/1"})) << Json(targets());
  model.rehearse({"scale-application", "hockeypuck-k8s", "1"});
  EXPECT_TRUE(scrapes({"hockeypuck-k8s/0"})) << Json(targets());

  model.rehearse({"remove-relation", "hockeypuck-k8s", "prometheus-k8s"});
  EXPECT_TRUE(scrapes({})) << Json(targets());
  EXPECT_TRUE(rules().empty());
}

class Dashboard : public RehearsalTest {
 protected:
  void deploy() {
    model.deploy_all();
    model.rehearse({"deploy", "grafana-k8s"});
    model.rehearse({"integrate", "hockeypuck-k8s", "grafana-k8s"});
    ASSERT_TRUE(model.becomes("active", "", "grafana-k8s"));
  }

  void TearDown() override {
    for (const Hook& hook : model.hooks("grafana-k8s")) {
      EXPECT_EQ(hook.outcome, "ok") << hook.event;
    }
    RehearsalTest::TearDown();
  }

  /// The dashboards that Grafana would show.
  Json shown() {
    const Json tasks = Json::parse(
        model.rehearse({"run", "--format", "json", "grafana-k8s/0", "list-dashboards"}));
    return Json::parse(tasks.begin()->at("results").at("dashboards").get_ref<const std::string&>());
  }

  /// The dashboards in the files from which Grafana would read them.
  std::string provisioned() {
    return model
        .attempt({"exec", "grafana-k8s/0", "--container", "grafana", "--", "sh", "-c",
                  "cat /etc/grafana/provisioning/dashboards/*"})
        .output;
  }
};

TEST_F(Dashboard, ArrivesInGrafanaAsItIsInTheSources) {
  deploy();
  const Json source =
      Json::parse(file_text(SOURCE_DIR "/src/cos/grafana_dashboards/hockeypuck.json"));
  const Json list = shown();
  ASSERT_EQ(list.size(), 1U);
  EXPECT_EQ(list[0].at("title"), "Hockeypuck metrics");
  EXPECT_EQ(list[0].at("uid"), source.at("uid"));
  EXPECT_EQ(list[0].at("version"), source.at("version"));
  EXPECT_EQ(list[0].at("charm"), "hockeypuck-k8s");
  const auto& panels = source.at("panels");
  EXPECT_EQ(list[0].at("panels").size(), static_cast<std::size_t>(std::count_if(
                                             panels.begin(), panels.end(), [](const Json& panel) {
                                               return panel.at("type") != "row";
                                             })));
  EXPECT_EQ(Json::parse(provisioned()), source);
  EXPECT_EQ(model.status(), active);
  expect_settled();
}

TEST_F(Dashboard, OfTwoKeyserversIsShownOnceAndGoesWithTheLast) {
  deploy();
  model.rehearse({"deploy", BUILD_DIR "/charm", "second"});
  model.rehearse({"integrate", "second", "grafana-k8s"});
  EXPECT_EQ(shown().size(), 1U);
  model.rehearse({"remove-relation", "hockeypuck-k8s", "grafana-k8s"});
  EXPECT_EQ(shown().size(), 1U);
  model.rehearse({"remove-relation", "second", "grafana-k8s"});
  EXPECT_EQ(shown(), Json::array());
  EXPECT_EQ(provisioned(), "");
}

}  // namespace observability_test
}  // namespace test
