// Copyright 2026 The hockeypuck-k8s authors
// SPDX-License-Identifier: Apache-2.0
#include "charm/domain/digest.hpp"
#include "charm/domain/error.hpp"
#include "rehearsal/charms/loki-k8s/loki_push_api.hpp"
#include "tests/contract/partners/partner_test.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>

namespace loki_test {

using nlohmann::json;

std::set<std::string> keys(const json& object) {
  std::set<std::string> names;
  for (const auto& [name, value] : object.items()) {
    names.insert(name);
  }
  return names;
}

json offered_by_the_original() {
  const json app = test::sample("loki_push_api_provider_single_unit").at("app");
  return json::parse(app.at("promtail_binary_zip_url").get<std::string>());
}

charm::Relation with_rules(const json& expression) {
  const json rule = {{"alert", "A"}, {"expr", expression}};
  const json group = {{"name", "g"}, {"rules", json::array({rule})}};
  charm::Relation relation = test::requirer("logging", "loki_push_api_requirer_recommended");
  relation.remote_app_data["alert_rules"] = json{{"groups", json::array({group})}}.dump();
  return relation;
}

TEST(LokiPartner, OffersPromtailAsTheOriginalDoes) {
  const loki::Promtail promtail{.binary = "program", .archive = "packed"};
  const json offer = json::parse(loki::promtail_offer(promtail, "http://loki:3100", "served"));
  const json original = offered_by_the_original();
  EXPECT_EQ(keys(offer), keys(original));
  for (const auto& [architecture, entry] : offer.items()) {
    EXPECT_EQ(keys(entry), keys(original.at(architecture)));
    EXPECT_EQ(entry.at("filename"), original.at(architecture).at("filename"));
    EXPECT_EQ(entry.at("zipsha"), charm::sha256("packed"));
    EXPECT_EQ(entry.at("binsha"), charm::sha256("program"));
    EXPECT_EQ(entry.at("url"), "http://loki:3100/files/promtail-static-amd64.gz");
  }
}

TEST(LokiPartner, CanOfferSomethingWrongOrNothing) {
  const loki::Promtail promtail{.binary = "program", .archive = "packed"};
  const auto entry = [&promtail](const std::string& kind) {
    return json::parse(loki::promtail_offer(promtail, "http://loki:3100", kind)).at("amd64");
  };
  EXPECT_NE(entry("wrong-digest").at("zipsha"), charm::sha256("packed"));
  EXPECT_EQ(entry("missing").at("url"), "http://loki:3100/files/no-such-file.gz");
  EXPECT_EQ(loki::promtail_offer(promtail, "http://loki:3100", "absent"), "");
}

TEST(LokiPartner, LoadsTheRulesThatTheOriginalLoaded) {
  const auto file =
      loki::rule_file(test::requirer("logging", "loki_push_api_requirer_recommended"));
  ASSERT_TRUE(file);
  EXPECT_EQ(file->error, "");
  EXPECT_EQ(json(file->name), test::sample("loki_push_api_requirer_recommended")
                                  .at("/_verified/alert_file_ids/0"_json_pointer));
}

TEST(LokiPartner, HasNothingToLoadWithoutRules) {
  charm::Relation relation = test::requirer("logging", "loki_push_api_requirer_recommended");
  for (const auto* const text : {"", "{}", R"({"groups":[]})"}) {
    relation.remote_app_data["alert_rules"] = text;
    EXPECT_EQ(loki::rule_file(relation), std::nullopt) << text;
  }
}

TEST(LokiPartner, DropsTheFileOfARuleThatIsNoLogQl) {
  for (const auto* const expression :
       {"count_over_time({%%juju_topology%%} |= `x` [5m]) > 0", "count_over_time({}[5m]) > 0",
        "count_over_time({a=\"b\"}[5]) > 0", "count_over_time({a=\"b\"}[5m] > 0", "{a=\"b\"",
        "{a=~\"(\"}", "count_over_time({a=\"b\"}[5m]) >", "count({a=\"b\"}) and no_such({a=\"b\"})",
        "{a=\"b} |= 1", "up > 0", "{a=~\".*\"}", "{a=\"\"}", ""}) {
    const auto file = loki::rule_file(with_rules(expression));
    ASSERT_TRUE(file) << expression;
    EXPECT_EQ(file->content, "") << expression;
    EXPECT_EQ(file->error.rfind("error validating rules/validate_rule.yaml: [parse error at line "
                                "1, col ",
                                0),
              0U)
        << expression << ": " << file->error;
  }
  for (const auto* const expression :
       {"count_over_time({a=\"b\"}[5m]) > 0", "{%%juju_topology%%,a=\"b\"} != \"}\"",
        "sum by (a) (rate({a=~\".+\",b!=\"c\"} |~ `^x\\(` != `y` [1h30m])) > 0.5"}) {
    EXPECT_EQ(loki::rule_file(with_rules(expression))->error, "") << expression;
  }
}

TEST(LokiPartner, DropsTheFileOfARuleThatWaitsForNoDuration) {
  charm::Relation relation = with_rules("{a=\"b\"}");
  json rules = json::parse(relation.remote_app_data["alert_rules"]);
  const auto error_for = [&](const char* duration) {
    rules["groups"][0]["rules"][0]["for"] = duration;
    relation.remote_app_data["alert_rules"] = rules.dump();
    return loki::rule_file(relation)->error;
  };
  EXPECT_NE(error_for("soon").find("not a valid duration string: \"soon\""), std::string::npos);
  EXPECT_EQ(error_for("5m"), "");
  EXPECT_EQ(error_for("0m"), "");
}

TEST(LokiPartner, FailsItsHookOverWhatTheOriginalFailsOver) {
  charm::Relation relation = with_rules("{a=\"b\"}");
  const std::string good = relation.remote_app_data["alert_rules"];
  for (const auto* const text :
       {"{", "rules", R"({"groups":[{"name":"g","rules":[]}]})", R"({"groups":[{"name":"g"}]})",
        R"({"groups":[{"name":"g","rules":[{"alert":"A","expr":"{a=\"b\"}","labels":null}]}]})"}) {
    relation.remote_app_data["alert_rules"] = text;
    EXPECT_THROW((void)loki::rule_file(relation), charm::Error) << text;
  }
  relation.remote_app_data["alert_rules"] = good;
  relation.remote_app_data["metadata"] =
      R"({"model":"m","model_uuid":"00000000-0000-0000-0000-000000000000","application":"a"})";
  EXPECT_THROW((void)loki::rule_file(relation), charm::Error);
}

}  // namespace loki_test
