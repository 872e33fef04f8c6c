// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/handlers/grafana_dashboard.hpp"

#include "databags.hpp"
#include "tests/support/child_process.hpp"
#include "tests/support/file_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <regex>

namespace {

using charm::Facts;
using charm::Publication;
using nlohmann::json;

const charm::GrafanaDashboard grafana;

charm::Relation related(int id) {
  return {.id = id, .endpoint = "grafana-dashboard", .remote_app = "grafana"};
}

json published_dashboards(const charm::Snapshot& snapshot) {
  return json::parse(test::published(grafana, snapshot).at(0).data.at("dashboards"));
}

TEST(GrafanaDashboard, PublishesNothingWithoutARelation) {
  EXPECT_EQ(test::published(grafana, test::with({})), std::vector<Publication>{});
}

TEST(GrafanaDashboard, PublishesTheDashboardInTheEnvelopeThatGrafanaWasTriedWith) {
  const auto publications = test::published(grafana, test::with({related(7)}));
  ASSERT_EQ(publications.size(), 1U);
  EXPECT_EQ(publications[0].relation, 7);
  EXPECT_EQ(publications[0].scope, charm::Scope::app);
  EXPECT_EQ(publications[0].data.size(), 1U);

  auto ours = published_dashboards(test::with({related(7)}));
  auto tried = json::parse(
      test::sample_bag("grafana_dashboard_provider_recommended_stored_xz").at("dashboards"));
  EXPECT_EQ(ours.size(), tried.size());
  auto& dashboard = ours.at("templates").at("file:hockeypuck");
  auto& keyserver = tried.at("templates").at("file:keyserver");
  EXPECT_EQ(dashboard.at("dashboard_alt_uid"), "38cc426f45b62018");
  for (const auto* const differs : {"content", "dashboard_alt_uid"}) {
    dashboard.erase(differs);
    keyserver.erase(differs);
  }
  EXPECT_EQ(dashboard, keyserver);
}

TEST(GrafanaDashboard, PublishesContentThatXzUnpacksToTheFile) {
  const auto content = published_dashboards(test::with({related(7)}))
                           .at("templates")
                           .at("file:hockeypuck")
                           .at("content")
                           .get<std::string>();
  if (!test::on_path("xz")) {
    GTEST_SKIP() << "xz is not installed";
  }
  const auto unpacked =
      test::run({.arguments = {"sh", "-c", "base64 -d | xz -dc"}, .input = content});
  ASSERT_EQ(unpacked.status, 0) << unpacked.error;
  EXPECT_EQ(unpacked.output,
            test::file_text(SOURCE_DIR "/src/cos/grafana_dashboards/hockeypuck.json"));
}

TEST(GrafanaDashboard, ChangesTheUuidOnlyWithTheContent) {
  const auto uuid = [](const charm::Snapshot& snapshot) {
    return published_dashboards(snapshot).at("uuid").get<std::string>();
  };
  auto other = test::with({related(9)});
  EXPECT_EQ(uuid(test::with({related(7)})), uuid(other));
  other.unit.model = "other";
  EXPECT_NE(uuid(test::with({related(7)})), uuid(other));
  const std::regex version_8("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}");
  EXPECT_TRUE(std::regex_match(uuid(other), version_8)) << uuid(other);
}

TEST(GrafanaDashboard, LeavesTheDashboardsToTheLeader) {
  auto snapshot = test::with({related(7)});
  snapshot.unit = test::other_unit();
  EXPECT_EQ(test::published(grafana, snapshot), std::vector<Publication>{});
}

TEST(GrafanaDashboard, PublishesOnBothOfTwoRelations) {
  const auto publications = test::published(grafana, test::with({related(9), related(7)}));
  ASSERT_EQ(publications.size(), 2U);
  EXPECT_EQ(publications[0].relation, 7);
  EXPECT_EQ(publications[1].relation, 9);
  EXPECT_EQ(publications[0].data, publications[1].data);
}

TEST(GrafanaDashboard, PassesOnWhatGrafanaFoundWrong) {
  const Facts wrong{.warnings = {"relation 7 (grafana-dashboard), event: grafana reports: "
                                 "file:keyserver: Input format not supported by decoder"}};
  const auto answer = [](const std::string& name) {
    return test::with_sample("grafana-dashboard", "grafana", "grafana_dashboard_requirer_" + name);
  };
  EXPECT_EQ(test::learned(grafana, answer("lzma_error")), wrong);
  EXPECT_EQ(test::learned(grafana, answer("ok")), Facts{});
}

TEST(GrafanaDashboard, SurvivesAnyEvent) {
  for (const auto& text : test::hostile_texts()) {
    auto snapshot = test::with({related(7)});
    snapshot.relations[0].remote_app_data["event"] = text;
    const Facts expected{.warnings = {"relation 7 (grafana-dashboard), event: not a JSON object"}};
    EXPECT_EQ(test::learned(grafana, snapshot), expected) << text.substr(0, 50);
  }
}

}  // namespace
