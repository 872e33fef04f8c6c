// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "cos.hpp"
#include "databags.hpp"
#include "registry.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <fstream>
#include <map>
#include <regex>
#include <set>

namespace loki_push_api_test {

using charm::Databag;
using charm::Facts;
using charm::Publication;
using nlohmann::json;

const charm::RelationHandler& loki = charm::loki_push_api;

std::string push_url(const std::string& host) {
  return "http://" + host + ":3100/loki/api/v1/push";
}

Databag told(const std::string& host) {
  return {{"endpoint", nlohmann::json{{"url", push_url(host)}}.dump()}};
}

charm::Relation related(int id, const std::map<std::string, Databag>& units = {}) {
  return {.id = id, .endpoint = "logging", .remote_app = "loki", .remote_units = units};
}

TEST(LokiPushApi, ReadsTheAnswerOfEveryKnownProvider) {
  const auto unit = [](int number) {
    const auto name = std::to_string(number);
    return charm::LokiEndpoint{
        .unit = "loki/" + name,
        .url =
            "http://loki-" + name + ".loki-endpoints.cos.svc.cluster.local:3100/loki/api/v1/push"};
  };
  const std::map<std::string, Facts> expected = {
      {"alert_error",
       {.loki = {unit(0)},
        .warnings = {"relation 7 (logging), event: loki reports: error validating "
                     "rules/validate_rule.yaml: [parse error at line 1, col 18: syntax error: "
                     "unexpected }, expecting IDENTIFIER"}}},
      {"ingress_url",
       {.loki = {{.unit = "loki/0",
                  .url = "https://cos.example.com/cos-loki-0/loki/api/v1/push"}}}},
      {"joined_only", {}},
      {"no_promtail_key", {.loki = {unit(0)}}},
      {"one_unit_without_endpoint", {.loki = {unit(0)}}},
      {"single_unit", {.loki = {unit(0)}}},
      {"three_units", {.loki = {unit(0), unit(1), unit(2)}}},
  };
  for (const auto& [name, facts] : expected) {
    EXPECT_EQ(
        test::learned(loki, test::with_sample("logging", "loki", "loki_push_api_provider_" + name)),
        facts)
        << name;
  }
}

TEST(LokiPushApi, SendsEachLineOncePerUrl) {
  const auto snapshot = test::with(
      {related(7, {{"loki/10", told("one")}, {"loki/2", told("one")}, {"loki/3", told("two")}})});
  EXPECT_EQ(test::learned(loki, snapshot),
            (Facts{.loki = {{"loki/2", push_url("one")}, {"loki/3", push_url("two")}}}));
}

TEST(LokiPushApi, SendsToBothOfTwoRelations) {
  const auto snapshot =
      test::with({related(9, {{"other/0", told("two")}, {"other/1", told("one")}}),
                  related(7, {{"loki/0", told("one")}})});
  EXPECT_EQ(test::learned(loki, snapshot),
            (Facts{.loki = {{"loki/0", push_url("one")}, {"other/0", push_url("two")}}}));
}

TEST(LokiPushApi, TakesUnitsOfTheSameNameInTwoRelationsForTwo) {
  const auto snapshot =
      test::with({related(7, {{"loki/0", told("one")}}), related(9, {{"loki/0", told("two")}})});
  EXPECT_EQ(test::learned(loki, snapshot),
            (Facts{.loki = {{"loki/0", push_url("one")}, {"loki/0", push_url("two")}}}));
}

TEST(LokiPushApi, KnowsAUrlHoweverItIsSpelled) {
  const auto with_url = [](const std::string& url) {
    return Databag{{"endpoint", nlohmann::json{{"url", url}}.dump()}};
  };
  const auto snapshot = test::with({related(7, {{"loki/0", with_url("http://loki/push")},
                                                {"loki/1", with_url("HTTP://loki:80/push/")},
                                                {"loki/2", with_url("http://loki/push?tenant=a")},
                                                {"loki/3", with_url("https://loki/push")}})});
  EXPECT_EQ(test::learned(loki, snapshot), (Facts{.loki = {{"loki/0", "http://loki/push"},
                                                           {"loki/2", "http://loki/push?tenant=a"},
                                                           {"loki/3", "https://loki/push"}}}));
}

TEST(LokiPushApi, LeavesOutOnlyTheUnitWhoseEndpointIsBroken) {
  auto texts = test::hostile_texts();
  for (const auto* const text :
       {"{}", "null", R"({"url": null})", R"({"url": 1})", R"({"url": ""})", R"({"url": "loki"})",
        R"({"url": "ftp://loki/"})", R"({"url": "http://u:p@loki/"})", R"({"url": ["http://l"]})",
        R"({"url": "http://loki/a b"})", R"([{"url": "http://loki/"}])"}) {
    texts.emplace_back(text);
  }
  for (const auto& text : texts) {
    const auto snapshot =
        test::with({related(7, {{"loki/0", {{"endpoint", text}}}, {"loki/1", told("b")}})});
    const Facts expected{.loki = {{"loki/1", push_url("b")}},
                         .warnings = {"relation 7 (logging), endpoint: of loki/0 is not a JSON "
                                      "object with an http or https url, left out"}};
    EXPECT_EQ(test::learned(loki, snapshot), expected) << text.substr(0, 50);
  }
}

TEST(LokiPushApi, PublishesRulesWithoutWaitingForEndpoints) {
  const auto publications = test::published(loki, test::with({related(7)}));
  ASSERT_EQ(publications.size(), 1U);
  EXPECT_EQ(publications[0].relation, 7);
  EXPECT_EQ(publications[0].scope, charm::Scope::app);
  EXPECT_EQ(publications[0].data.size(), 2U);
  const auto rules = nlohmann::json::parse(publications[0].data.at("alert_rules"));
  EXPECT_EQ(rules.at("/groups/0/name"_json_pointer),
            "keyserver_5b1c2a9e_hockeypuck_k8s_database_rules");
  EXPECT_EQ(rules.at("/groups/1/rules/0/expr"_json_pointer),
            "count_over_time({juju_model=\"keyserver\",juju_model_uuid=\"5b1c2a9e-3f47-4d0a-9c53-"
            "1e8f2b6d7a10\",juju_application=\"hockeypuck-k8s\"} |~ \"^(panic|fatal error): "
            "\" [5m]) > 0");
}

TEST(LokiPushApi, PublishesTheTopologyThatLokiWasTriedWith) {
  const auto ours = test::published(loki, test::with({related(7)})).at(0).data;
  const auto tried = test::sample_bag("loki_push_api_requirer_recommended");
  EXPECT_EQ(nlohmann::json::parse(ours.at("metadata")),
            nlohmann::json::parse(tried.at("metadata")));
  const nlohmann::json::json_pointer labels("/groups/0/rules/0/labels");
  EXPECT_EQ(nlohmann::json::parse(ours.at("alert_rules")).at(labels),
            nlohmann::json::parse(tried.at("alert_rules")).at(labels));
}

TEST(LokiPushApi, LeavesTheRulesToTheLeaderButLearnsOnEveryUnit) {
  auto snapshot = test::with({related(7, {{"loki/0", told("a")}})});
  snapshot.unit = test::other_unit();
  EXPECT_EQ(test::published(loki, snapshot), std::vector<Publication>{});
  EXPECT_EQ(test::learned(loki, snapshot), (Facts{.loki = {{"loki/0", push_url("a")}}}));
}

/// One rule in the form that Loki gets.
struct Rule {
  std::string alert;
  std::string expression;
};

std::vector<Rule> rules() {
  std::vector<Rule> found;
  const json all =
      json::parse(charm::cos::alert_rules(charm::cos::loki_alert_rules(), test::leader_unit()));
  for (const auto& group : all.at("groups")) {
    for (const auto& rule : group.at("rules")) {
      found.push_back({rule.at("alert"), rule.at("expr")});
    }
  }
  return found;
}

/// The string after an operator of the expression, without its escapes.
std::string operand(const Rule& rule, const std::string& operation) {
  const auto start = rule.expression.find(operation + " \"");
  if (start == std::string::npos) {
    return {};
  }
  std::string text;
  for (auto at = start + operation.size() + 2; rule.expression.at(at) != '"'; ++at) {
    at += rule.expression[at] == '\\' ? 1U : 0U;
    text += rule.expression.at(at);
  }
  return text;
}

bool takes(const Rule& rule, const std::string& line) {
  const std::string unwanted = operand(rule, "!=");
  return std::regex_search(line, std::regex(operand(rule, "|~"))) &&
         (unwanted.empty() || line.find(unwanted) == std::string::npos);
}

std::set<std::string> alerts_for(const std::string& line) {
  std::set<std::string> alerts;
  for (const Rule& rule : rules()) {
    if (takes(rule, line)) {
      alerts.insert(rule.alert);
    }
  }
  return alerts;
}

TEST(LokiAlertRules, TakeTheLinesThatAreMeantAndNoOthers) {
  std::ifstream file(TEST_DATA_DIR "/hockeypuck/log_lines.tsv");
  std::set<std::string> seen;
  for (std::string text; std::getline(file, text);) {
    const std::string alert = text.substr(0, text.find('\t'));
    const std::string line = text.substr(text.find('\t') + 1);
    const std::set<std::string> expected =
        alert == "-" ? std::set<std::string>() : std::set<std::string>{alert};
    EXPECT_EQ(alerts_for(line), expected) << line;
    seen.insert(expected.begin(), expected.end());
  }
  std::set<std::string> all;
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(all.insert(rule.alert).second) << rule.alert;
  }
  EXPECT_EQ(seen, all);
}

TEST(LokiAlertRules, KnowAFatalErrorAndARemoteRefusal) {
  const std::string recon =
      "time=\"2026-11-23T21:14:41Z\" level=error msg=\"recon with recon=192.0.2.7:11370, "
      "http=192.0.2.7:11371, weight=0, addr=192.0.2.7:11370, ips=[192.0.2.7] failed\" error=\"";
  EXPECT_EQ(alerts_for("fatal error: all goroutines are asleep - deadlock!"),
            std::set<std::string>{"HockeypuckPanic"});
  EXPECT_EQ(alerts_for(recon + "mismatched filters: remote rejected configuration\""),
            std::set<std::string>{"HockeypuckReconRefusedByPeer"});
  EXPECT_EQ(
      alerts_for(recon + "sync not available, currently mutating: remote rejected configuration\""),
      std::set<std::string>());
}

// The log contains the text of every lookup.
TEST(LokiAlertRules, AreNotMadeToFireByWhatPeopleAskFor) {
  for (const auto* const search : {"panic: x", "level=error msg=\\\"HTTP 500: x\\\"",
                                   "level=warning msg=\\\"connection rejected from x\\\""}) {
    EXPECT_EQ(alerts_for(std::string("time=\"2026-11-23T21:14:07Z\" level=info GET=\"/pks/lookup?"
                                     "op=get&search=") +
                         search + "\" duration=7ms host=\"localhost:11371\" status-code=404"),
              std::set<std::string>())
        << search;
  }
}

// cos-tool adds labels to the expressions, and damages such strings since its release 20260310.
TEST(LokiAlertRules, HaveNoDoubleQuotesInBackticks) {
  const std::regex damaged("`[^`]*\"[^`]*`");
  EXPECT_TRUE(std::regex_search("{} |~ `^time=\"` [5m]", damaged));
  for (const Rule& rule : rules()) {
    EXPECT_FALSE(std::regex_search(rule.expression, damaged)) << rule.expression;
  }
}

TEST(LokiAlertRules, AreBoundToThisApplication) {
  for (const Rule& rule : rules()) {
    EXPECT_NE(
        rule.expression.find("({juju_model=\"keyserver\",juju_model_uuid=\"5b1c2a9e-3f47-4d0a-"
                             "9c53-1e8f2b6d7a10\",juju_application=\"hockeypuck-k8s\"} |~ \"^"),
        std::string::npos)
        << rule.expression;
    EXPECT_EQ(rule.expression.find("%%"), std::string::npos) << rule.alert;
  }
}

}  // namespace loki_push_api_test
