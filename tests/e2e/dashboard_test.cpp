// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/rehearsal_test.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <fstream>

namespace test {
namespace {

using Json = nlohmann::json;

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

  /// What Grafana would show.
  Json shown() {
    const Json tasks = Json::parse(
        model.rehearse({"run", "--format", "json", "grafana-k8s/0", "list-dashboards"}));
    return Json::parse(tasks.begin()->at("results").at("dashboards").get_ref<const std::string&>());
  }

  /// The dashboards as Grafana would read them from its files.
  std::string provisioned() {
    return model
        .attempt({"exec", "grafana-k8s/0", "--container", "grafana", "--", "sh", "-c",
                  "cat /etc/grafana/provisioning/dashboards/*"})
        .output;
  }
};

TEST_F(Dashboard, ArrivesInGrafanaAsItIsInTheSources) {
  deploy();
  std::ifstream file(SOURCE_DIR "/src/cos/grafana_dashboards/hockeypuck.json");
  const Json source = Json::parse(file);
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

}  // namespace
}  // namespace test
