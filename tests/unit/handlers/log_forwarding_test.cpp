// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"
#include "databags.hpp"
#include "registry.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace log_forwarding_test {

using charm::Download;
using charm::Facts;
using charm::LogForwarder;
using charm::LoggingPlan;
using charm::Settings;
using charm::Snapshot;
using nlohmann::json;

const charm::RelationHandler& loki = charm::loki_push_api;
const std::string first = "http://loki-0:3100/loki/api/v1/push";
const std::string second = "http://loki-1:3100/loki/api/v1/push";
const std::string key = "promtail_binary_zip_url";
const std::string archive_digest(64, 'a');
const std::string binary_digest(64, 'b');
const Download offer{.url = "https://loki.example/promtail.gz",
                     .archive_sha256 = archive_digest,
                     .content_sha256 = binary_digest};
const Facts two_lokis{.loki = {{"loki/0", first}, {"loki/1", second}}};

json offered() {
  return {{"filename", "../../etc/passwd"},
          {"url", offer.url},
          {"zipsha", archive_digest},
          {"binsha", binary_digest}};
}

/// The same value for both architectures on which this test may run.
std::string for_all(const json& object) {
  return json{{"amd64", object}, {"arm64", object}}.dump();
}

Snapshot related(const std::string& promtail = for_all(offered())) {
  return test::with({{.id = 7,
                      .endpoint = "logging",
                      .remote_app = "loki",
                      .remote_app_data = {{key, promtail}},
                      .remote_units = {{"loki/0", {}}}}});
}

Settings promtail_wanted() {
  return {.log_forwarder = LogForwarder::promtail};
}

std::optional<LoggingPlan> planned(const Facts& facts, const Settings& settings = {},
                                   const Snapshot& snapshot = test::with({})) {
  charm::Plan plan;
  loki.publish(snapshot, settings, facts, plan);
  return plan.logging;
}

TEST(LogForwarding, IsPebblesToEveryLokiWithAllLabels) {
  const std::map<std::string, std::string> labels = {
      {"product", "Juju"},
      {"charm", "hockeypuck-k8s"},
      {"juju_charm", "hockeypuck-k8s"},
      {"juju_model", "keyserver"},
      {"juju_model_uuid", "5b1c2a9e-3f47-4d0a-9c53-1e8f2b6d7a10"},
      {"juju_application", "hockeypuck-k8s"},
      {"juju_unit", "hockeypuck-k8s/0"},
      {"job", "juju_keyserver_5b1c2a9e_hockeypuck-k8s"}};
  const auto plan = planned(two_lokis);
  EXPECT_EQ(plan->promtail, std::nullopt);
  std::map<std::string, charm::LogTarget> by_location;
  for (const auto& [name, target] : plan->targets) {
    by_location[target.location] = target;
  }
  EXPECT_EQ(by_location,
            (std::map<std::string, charm::LogTarget>{{first, {first, {"all"}, labels}},
                                                     {second, {second, {"all"}, labels}}}));
}

TEST(LogForwarding, HasTheTargetThatLokiWasTriedWith) {
  const json tried = test::sample("loki_push_api_requirer_recommended").at("_pebble_log_targets");
  const std::string url = tried.at("loki-13-0").at("location");
  const auto targets = planned({.loki = {{"loki/0", url}}})->targets;
  EXPECT_EQ(json(targets.begin()->second.labels), tried.at("loki-13-0").at("labels"));
}

TEST(LogForwarding, GetsANewTargetWhenAUrlChanges) {
  const auto before = planned({.loki = {{"loki/0", first}}})->targets;
  const auto after = planned({.loki = {{"loki/0", second}}})->targets;
  EXPECT_NE(before.begin()->first, after.begin()->first);
  EXPECT_EQ(before, planned({.loki = {{"loki/7", first}}})->targets);
}

TEST(LogForwarding, EndsWithoutARelation) {
  EXPECT_EQ(planned({}), LoggingPlan{});
  EXPECT_EQ(planned({}, promtail_wanted()), LoggingPlan{});
}

TEST(LogForwarding, StaysAsItIsWhileTheOptionIsWrong) {
  EXPECT_EQ(planned(two_lokis, {.log_forwarder = std::nullopt}), std::nullopt);
}

TEST(LogForwarding, NeedsAPebbleOfOneDotSix) {
  const auto targets_of = [](const std::string& version) {
    Snapshot snapshot = test::with({});
    snapshot.workload = charm::Workload{.version = version};
    return planned(two_lokis, {}, snapshot)->targets;
  };
  for (const auto* const version :
       {"v1.6.0", "1.26.0", "v1.32.1-fips", "v2.0.0", "v10.1", "", "dev", "v1", "vx.y"}) {
    EXPECT_FALSE(targets_of(version).empty()) << version;
  }
  for (const auto* const version : {"v1.1.1", "v1.4.2", "1.5.0+git", "v1.0"}) {
    EXPECT_TRUE(targets_of(version).empty()) << version;
  }
}

/// promtail reads the certificates only when it starts. A changed environment restarts it.
TEST(Promtail, StartsAgainForOtherCertificatesOnlyWhereItUsesTls) {
  const auto environment = [](const std::string& url, const charm::Certificates& certificates) {
    const Facts facts{.loki = {{"loki/0", url}}, .promtail = offer, .certificates = certificates};
    return planned(facts, promtail_wanted())->promtail->layer.services.at("promtail").environment;
  };
  const std::string tls = "https://loki-0:3100/loki/api/v1/push";
  EXPECT_EQ(environment(first, {"a"}), environment(first, {}));
  EXPECT_NE(environment(tls, {"a"}), environment(tls, {}));
  EXPECT_NE(environment(tls, {"a"}), environment(tls, {"a", "b"}));
}

TEST(Promtail, IsLearntOnlyWhenItIsWanted) {
  EXPECT_EQ(test::learned(loki, related()), Facts{});
  EXPECT_EQ(test::learned(loki, related(), promtail_wanted()), Facts{.promtail = offer});
  Snapshot old = related();
  old.workload = charm::Workload{.version = "v1.3.0"};
  EXPECT_EQ(test::learned(loki, old), Facts{.promtail = offer});
  EXPECT_EQ(planned(two_lokis, {}, old)->targets, (std::map<std::string, charm::LogTarget>{}));
}

TEST(Promtail, IsTakenFromTheAnswerOfTheRealProvider) {
  const auto facts = test::learned(
      loki, test::with_sample("logging", "loki", "loki_push_api_provider_single_unit"),
      promtail_wanted());
  ASSERT_TRUE(facts.promtail);
#if defined(__x86_64__)
  EXPECT_EQ(
      *facts.promtail,
      (Download{
          .url = "https://github.com/canonical/loki-k8s-operator/releases/download/"
                 "promtail-v2.9.7/promtail-static-amd64.gz",
          .archive_sha256 = "6873cbdabf23062aeefed6de5f00ff382710332af3ab90a48c253ea17e08f465",
          .content_sha256 = "28da9b99f81296fe297831f3bc9d92aea43b4a92826b8ff04ba433b8cb92fb50"}));
#endif
}

TEST(Promtail, IsMissedInWords) {
  const charm::Status missing{
      charm::StatusKind::active,
      "logs are not sent: Loki offers no promtail, set log-forwarder=pebble"};
  for (const std::string& text : {std::string(), json{{"s390x", offered()}}.dump()}) {
    EXPECT_EQ(test::learned(loki, related(text), promtail_wanted()), Facts{.statuses = {missing}});
  }
  EXPECT_EQ(test::learned(loki, test::with({}), promtail_wanted()), Facts{});
}

TEST(Promtail, OfTheFirstRelationThatOffersOneIsTaken) {
  Snapshot snapshot = related("{");
  json other = offered();
  other["url"] = "http://other/promtail.gz";
  snapshot.relations.push_back({.id = 9,
                                .endpoint = "logging",
                                .remote_app = "other",
                                .remote_app_data = {{key, for_all(other)}}});
  const Facts facts = test::learned(loki, snapshot, promtail_wanted());
  EXPECT_EQ(facts.promtail->url, "http://other/promtail.gz");
  EXPECT_EQ(facts.warnings.size(), 1U);
}

TEST(Promtail, IsNotTakenFromAnythingDoubtful) {
  auto texts = test::hostile_texts();
  for (const auto& [name, value] :
       std::map<std::string, json>{{"url", "file:///bin/sh"},
                                   {"url ", 1},
                                   {"zipsha", ""},
                                   {"binsha", nullptr},
                                   {"zipsha ", "../" + std::string(61, 'a')},
                                   {"binsha ", std::string(63, 'a')},
                                   {"binsha  ", std::string(64, 'g')},
                                   {"url  ", "http://u:p@loki/x"}}) {
    json wrong = offered();
    wrong[name.substr(0, name.find(' '))] = value;
    texts.push_back(for_all(wrong));
  }
  texts.push_back(for_all("promtail"));
  for (const auto& text : texts) {
    const Facts facts = test::learned(loki, related(text), promtail_wanted());
    EXPECT_EQ(facts.promtail, std::nullopt) << text.substr(0, 80);
    EXPECT_EQ(facts.warnings.size() + facts.statuses.size(), text == "{}" ? 1U : 2U)
        << text.substr(0, 80);
  }
}

TEST(Promtail, RunsAsTheWorkloadsUserFromOurOwnPaths) {
  Facts facts = two_lokis;
  facts.promtail = offer;
  const auto logging = planned(facts, promtail_wanted());
  EXPECT_EQ(logging->targets, (std::map<std::string, charm::LogTarget>{}));
  const charm::PromtailPlan& plan = *logging->promtail;
  const std::string directory = "/var/lib/hockeypuck-promtail";
  EXPECT_EQ(plan.binary, (charm::Download{.url = offer.url,
                                          .archive_sha256 = archive_digest,
                                          .content_sha256 = binary_digest,
                                          .target = {.path = directory + "/promtail", .mode = 0755},
                                          .receipt = directory + "/promtail.sha256"}));
  ASSERT_EQ(plan.files.size(), 1U);
  const charm::Service& service = plan.layer.services.at("promtail");
  EXPECT_EQ(service.command, directory + "/promtail -config.file=" + plan.files[0].path);
  EXPECT_EQ(service.startup, "disabled");
  EXPECT_EQ(service.user_id, 584792);
  EXPECT_EQ(service.environment,
            (charm::Databag{{"PROMTAIL_BINARY_SHA256", binary_digest},
                            {"PROMTAIL_CONFIG_SHA256", charm::sha256(plan.files[0].content)}}));
}

TEST(Promtail, PushesTheLogFileToEachLokiWithTheLabelsOfTheRealConfiguration) {
  Facts facts = two_lokis;
  facts.promtail = offer;
  const json configuration =
      json::parse(planned(facts, promtail_wanted())->promtail->files.at(0).content);
  EXPECT_EQ(configuration.at("clients"), (json::array({{{"url", first}}, {{"url", second}}})));
  json labels = configuration.at("/scrape_configs/0/static_configs/0/labels"_json_pointer);
  EXPECT_EQ(labels.at("__path__"), "/var/log/hockeypuck/hockeypuck.log");
  EXPECT_EQ(labels.at("charm"), labels.at("juju_charm"));
  EXPECT_EQ(labels.at("juju_unit"), "hockeypuck-k8s/0");
  EXPECT_EQ(labels.at("container"), "hockeypuck");
}

TEST(Promtail, WaitsForALokiThatTakesLogs) {
  EXPECT_EQ(planned({.promtail = offer}, promtail_wanted()), LoggingPlan{});
}

}  // namespace log_forwarding_test
